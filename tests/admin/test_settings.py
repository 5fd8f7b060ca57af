"""What the owner decides is in force without a restart, in both apps, in mail and on paper."""

import pytest
from flask.testing import FlaskClient

from domain.shared.db import Sessions, transaction
from domain.shared.preferences import in_force
from domain.shared.settings import Settings
from tests.admin.conftest import StaffClient, send
from tests.factories.catalog import make_product
from tests.factories.orders import make_order

SHOP = {
    "name": "Corner & Daughters",
    "address": "12 Mill Lane\r\n\r\n Cork ",
    "tax_number": "IE 1234567T",
    "country": "DE",
    "locale": "de_DE",
    "timezone": "Europe/Berlin",
    "currency": "EUR",
    "return_days": "14",
}


def test_it_is_in_force_at_once_in_the_admin_and_after_a_look_in_the_shop(
    staff: StaffClient, storefront: FlaskClient, sessions: Sessions, settings: Settings
) -> None:
    with transaction(sessions) as tx:
        mug = make_product(tx, price=1250)
    assert "€12.50" in storefront.get(f"/p/{mug.slug}").text
    client = staff("owner")

    assert send(client, "/settings", SHOP).status_code == 303

    assert "Corner &amp; Daughters" in client.get("/settings").text
    storefront.application.extensions["preferences"].forget()
    page = storefront.get(f"/p/{mug.slug}").text
    assert "Corner &amp; Daughters" in page
    assert "12,50\xa0€" in page
    found = in_force(sessions, settings)
    assert (found.name, found.address, found.tax_number, found.return_days, found.mail_from, found.country) == (
        "Corner & Daughters",
        ("12 Mill Lane", "Cork"),
        "IE 1234567T",
        14,
        "Corner & Daughters <hello@cornershop.test>",
        "DE",
    )
    assert (found.secret_key, found.database_url) == (settings.secret_key, settings.database_url)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Enter a name"),
        ("country", "XX", "Choose the country"),
        ("timezone", "Mars/Base", "Enter a time zone"),
        ("currency", "XX", "Enter a currency"),
        ("return_days", "-1", "Enter a number of days"),
        ("return_days", "²", "Enter a number of days"),
        ("address", "\n".join(["x"] * 7), "at most six lines"),
        ("locale", "xx_XX", "Choose one of the languages"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field_and_nothing_is_kept(
    staff: StaffClient, sessions: Sessions, settings: Settings, field: str, value: str, words: str
) -> None:
    answer = send(staff("owner"), "/settings", SHOP | {field: value})

    assert answer.status_code == 422
    assert words in answer.text
    assert "Corner &amp; Daughters" in answer.text or field == "name"
    assert in_force(sessions, settings) == settings


def test_the_currency_stays_once_there_is_a_product(staff: StaffClient, sessions: Sessions, settings: Settings) -> None:
    client = staff("owner")
    assert send(client, "/settings", SHOP | {"currency": "USD"}).status_code == 303
    with transaction(sessions) as tx:
        make_product(tx)
    refused = send(client, "/settings", SHOP | {"currency": "EUR"})

    assert (refused.status_code, "their prices are in it" in refused.text) == (422, True)
    assert in_force(sessions, settings).currency == "USD"


def test_the_currency_stays_once_there_are_orders(staff: StaffClient, sessions: Sessions, settings: Settings) -> None:
    with transaction(sessions) as tx:
        make_order(tx)
    refused = send(staff("owner"), "/settings", SHOP | {"currency": "USD"})

    assert (refused.status_code, "there are orders in it" in refused.text) == (422, True)
    assert in_force(sessions, settings) == settings


def test_a_legal_text_is_linked_below_every_page_while_there_is_one(
    staff: StaffClient, storefront: FlaskClient
) -> None:
    client = staff("owner")
    assert storefront.get("/legal/terms").status_code == 404
    send(client, "/settings/legal", {"legal_terms": "# Prices\n\nWith tax.\n\n<b>Bold</b>"})
    storefront.application.extensions["preferences"].forget()

    assert '<a href="/legal/terms">Terms of sale</a>' in storefront.get("/cart").text
    page = storefront.get("/legal/terms").text
    assert "<h2>Prices</h2>" in page
    assert "<p>&lt;b&gt;Bold&lt;/b&gt;</p>" in page
    assert storefront.get("/legal/privacy").status_code == 404


def test_every_change_is_in_the_log_and_the_same_again_changes_nothing(staff: StaffClient) -> None:
    client = staff("owner")
    send(client, "/settings", SHOP)
    again = send(client, "/settings", SHOP, follow_redirects=True)

    assert "Nothing was changed." in again.text
    assert "Corner &amp; Daughters" in client.get("/log?area=settings").text
