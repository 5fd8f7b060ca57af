"""The storefront's contract: its examples fit its models, and the API keeps it whatever is sent."""

from domain.shared.db import Sessions, transaction
from storefront.access import ACCESS
from tests.contracts import attack, check_examples
from tests.factories.users import PASSWORD, make_shopper
from tests.storefront.api.conftest import Phone


def test_every_operation_of_the_table_is_in_the_contract_and_its_examples_fit(phone: Phone) -> None:
    named = {op["operationId"] for methods in phone.contract["paths"].values() for op in methods.values()}

    assert phone.contract["openapi"] == "3.1.0"
    assert {f"api.{name}" for name in named} | {"api.openapi", "api.docs"} == {
        endpoint for endpoint in ACCESS if endpoint.startswith("api.")
    }
    check_examples(phone.contract)


def test_the_api_keeps_its_contract_whatever_is_sent(phone: Phone, sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        make_shopper(tx)
    tokens = phone.post("/tokens", {"email": "grace@example.com", "password": PASSWORD}).json
    phone.headers["Authorization"] = f"Bearer {tokens['access_token']}"
    phone.headers["Cart-Token"] = phone.post("/cart/lines", {"sku": "MUG-1"}).json["token"]
    assert attack(phone.client.application, phone.headers) == len(
        [method for methods in phone.contract["paths"].values() for method in methods]
    )
