"""The storefront's contract: its examples fit its models, and the API keeps it whatever is sent."""

from sqlalchemy import select

from domain.shared.db import Sessions, transaction
from domain.shared.settings import Settings
from domain.users.models import Shopper
from storefront import create_app
from storefront.access import ACCESS
from tests.contracts import attack, check_examples
from tests.factories.users import PASSWORD, make_shopper
from tests.storefront.api.conftest import Phone
from tests.storefront.gateway import ScriptedGateway


def test_every_operation_of_the_table_is_in_the_contract_and_its_examples_fit(phone: Phone) -> None:
    named = {op["operationId"] for methods in phone.contract["paths"].values() for op in methods.values()}

    assert phone.contract["openapi"] == "3.1.0"
    assert {f"api.{name}" for name in named} | {"api.openapi", "api.docs"} == {
        endpoint for endpoint in ACCESS if endpoint.startswith("api.")
    }
    check_examples(phone.contract)


def test_the_api_keeps_its_contract_whatever_is_sent(
    phone: Phone, sessions: Sessions, settings: Settings, gateway: ScriptedGateway
) -> None:
    with transaction(sessions) as tx:
        grace = make_shopper(tx)
        password_hash = tx.get_one(Shopper, grace.id).password_hash
    unlimited = settings.model_copy(update={"rate_limits": False})
    phone.client = create_app(settings=unlimited, sessions=sessions, gateways={"demo": gateway}).test_client()

    def sign_in() -> dict[str, str]:
        with transaction(sessions) as tx:
            # What is made up may fit: the password is changed then, or the account closed.
            if (shopper := tx.scalar(select(Shopper).where(Shopper.email == "grace@example.com"))) is None:
                make_shopper(tx)
            else:
                shopper.password_hash = password_hash
        tokens = phone.post("/tokens", {"email": "grace@example.com", "password": PASSWORD}).json
        own = {"Authorization": f"Bearer {tokens['access_token']}"}
        return own | ({"Cart-Token": tokens["cart_token"]} if tokens["cart_token"] else {})

    assert phone.post("/cart/lines", {"sku": "MUG-1"}, **sign_in()).status_code == 201
    assert attack(phone.client.application, sign_in) == len(
        [method for methods in phone.contract["paths"].values() for method in methods]
    )
