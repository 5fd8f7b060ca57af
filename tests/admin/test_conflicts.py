"""Of two who change the same thing the later is told, sees both versions, and neither loses nor overwrites anything.

Every form is sent as a browser without JavaScript sends it; the forms are the same with it.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import text

from domain.catalog.commands import save_synonym
from domain.orders.commands.tax import save_tax_rate
from domain.shared.db import Sessions, transaction
from tests.admin.conftest import StaffClient, send, version_of
from tests.factories.catalog import make_product
from tests.factories.delivery import make_method
from tests.factories.reviews import make_review
from tests.factories.users import make_staff

SHOP = {
    "name": "Corner", "address": "12 Mill Lane", "tax_number": "", "country": "IE", "locale": "en_IE",
    "timezone": "Europe/Dublin", "currency": "EUR", "return_days": "14",
}  # fmt: skip
LEGAL = {"legal_imprint": "", "legal_terms": "", "legal_returns": "", "legal_privacy": ""}
SENDERS = {"from_name": "Corner", "from_address": "a@shop.example", "mail_reply_to": "", "sms_sender": ""}
METHOD = {
    "name": "Van", "description": "", "carrier": "", "priced_by": "flat", "price": "4.90", "free_above": "",
    "min_days": "1", "max_days": "3", "cut_off": "", "position": "0", "active": "y",
}  # fmt: skip
DECISIONS = "SELECT string_agg(name || '=' || value, ';' ORDER BY name) FROM shared.preferences"
RATE_KEY = {"country": "IE", "region": "", "tax_class": "standard", "valid_from": date(2030, 1, 1)}


@dataclass(frozen=True)
class Case:
    """A form: where it is, what two people send, the words that tell them apart, and what proves what is kept."""

    page: str
    action: str
    first: dict[str, object]
    second: dict[str, object]
    theirs: str
    mine: str
    state: str
    prepare: Callable[..., object] = field(default=lambda _tx: None)
    kept: str = ""


def made_rate(tx) -> None:
    save_tax_rate(tx, **RATE_KEY, name="VAT", basis_points=Decimal(2000), source="")


def made_person(tx) -> UUID:
    return make_staff(tx, email="bob@shop.test", name="Bob", role="support")


CASES = {
    "the shop": Case(
        "/settings", "/settings", SHOP | {"name": "Theirs"}, SHOP | {"name": "Mine"}, "Theirs", "Mine", DECISIONS,
        kept='value="Mine"',
    ),
    "the first steps": Case(
        "/start/place", "/start/place", {"name": "Theirs", "address": "1 Hill", "country": "IE"},
        {"name": "Mine", "address": "1 Hill", "country": "IE"}, "Theirs", "Mine", DECISIONS, kept='value="Mine"',
    ),
    "legal texts": Case(
        "/settings/legal", "/settings/legal", LEGAL | {"legal_terms": "Theirs."}, LEGAL | {"legal_terms": "Mine."},
        "Theirs.", "Mine.", DECISIONS, kept="Mine.</textarea>",
    ),
    "senders": Case(
        "/settings/senders", "/settings/senders", SENDERS | {"mail_reply_to": "theirs@shop.example"},
        SENDERS | {"mail_reply_to": "mine@shop.example"}, "theirs@shop.example", "mine@shop.example", DECISIONS,
        kept='value="mine@shop.example"',
    ),
    "ways to pay": Case(
        "/settings/payment", "/settings/payment", {"on_demo": "y", "place_demo": "1", "label_demo": "Theirs"},
        {"on_demo": "y", "place_demo": "1", "label_demo": "Mine"}, "Theirs", "Mine", DECISIONS, kept='value="Mine"',
    ),
    "closing": Case(
        "/settings/closing", "/settings/closing", {"message": "Theirs."}, {"message": "Mine."}, "Theirs.", "Mine.",
        DECISIONS, kept="Mine.</textarea>",
    ),
    "the logo's description": Case(
        "/settings/logo", "/settings/logo", {"alt": "Theirs"}, {"alt": "Mine"}, "Theirs", "Mine", DECISIONS,
        kept='value="Mine"',
    ),
    "sets of rates": Case(
        "/tax", "/tax/sets", {"sets": ["eu"]}, {"sets": ["uk"]}, "European Union", "United Kingdom",
        "SELECT string_agg(DISTINCT tax_set, ';') FROM orders.tax_rates",
        kept='value="uk" aria-describedby="set-uk-hint" checked',
    ),
    "a role": Case(
        "/staff/roles/analyst", "/staff/roles/analyst", {"description": "Theirs", "permissions": ["jobs:read"]},
        {"description": "Mine", "permissions": ["jobs:read"]}, "Theirs", "Mine",
        "SELECT string_agg(description, ';' ORDER BY name) FROM users.roles", kept="Mine</textarea>",
    ),
    "a staff member's role": Case(
        "/staff/{id}", "/staff/{id}/role", {"role": "analyst"}, {"role": "orders"}, "analyst", "orders",
        "SELECT string_agg(role, ';' ORDER BY email) FROM users.staff", made_person,
        kept='<option selected value="orders">',
    ),
    "a zone": Case(
        "/delivery/zones/van-zone", "/delivery/zones/van-zone", {"name": "Theirs", "places": "IE"},
        {"name": "Mine", "places": "IE, GB"}, "Theirs", "Mine",
        "SELECT name || (SELECT string_agg(place, ',') FROM orders.zone_places) FROM orders.delivery_zones",
        lambda tx: make_method(tx, "van"), kept='value="IE, GB"',
    ),
    "a way to deliver": Case(
        "/delivery/methods/van", "/delivery/methods/van", METHOD | {"price": "5.50"},
        METHOD | {"priced_by": "weight", "bands-0-up_to": "2.5", "bands-0-price": "7"}, "5.50", "2.5: 7.00",
        "SELECT price || bands::text FROM orders.delivery_methods", lambda tx: make_method(tx, "van"),
        kept='name="bands-0-up_to" size="9" type="text" value="2.5"',
    ),
    "words that mean the same": Case(
        "/synonyms/{id}", "/synonyms/{id}", {"terms": "sofa, couch"}, {"terms": "sofa, divan"}, "sofa, couch",
        "sofa, divan", "SELECT array_to_string(terms, ',') FROM catalog.synonyms",
        lambda tx: save_synonym(tx, terms=("sofa", "settee"), one_way=False), kept='value="sofa, divan"',
    ),
    "whether it is sold when it is out": Case(
        "/inventory/{id}", "/inventory/{id}/selling", {"low_at": "7"}, {"low_at": "9"}, "7", "9",
        "SELECT string_agg(low_at::text, ';') FROM catalog.stock", lambda tx: make_product(tx).variant_id,
        kept='value="9"',
    ),
    "an answer to a review": Case(
        "/reviews/{id}", "/reviews/{id}/reply", {"reply": "Theirs."}, {"reply": "Mine."}, "Theirs.", "Mine.",
        "SELECT reply FROM reviews.reviews", lambda tx: make_review(tx, make_product(tx, on_hand=3)),
        kept="Mine.</textarea>",
    ),
    "alerts": Case(
        "/notifications/alerts", "/notifications/alerts", {"staff_new_order": ["bob@shop.test"]},
        {"staff_low_stock": ["bob@shop.test"]}, "yes", "no",
        "SELECT string_agg(template || email, ';') FROM notifications.staff_alerts", made_person,
        kept='name="staff_low_stock" value="bob@shop.test" aria-label="Something runs low: Bob" checked',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_later_of_two_overwrites_nothing_and_loses_nothing(
    staff: StaffClient, sessions: Sessions, name: str
) -> None:
    case = CASES[name]
    with transaction(sessions) as tx:
        made = case.prepare(tx)
    page, action = case.page.format(id=made), case.action.format(id=made)
    ada, grace = staff("owner", "Ada"), staff("owner", "Grace")
    seen = version_of(ada.get(page).text, action)
    assert seen
    assert version_of(grace.get(page).text, action) == seen

    def state() -> str:
        with sessions() as session:
            return session.scalar(text(case.state))

    assert ada.post(action, data=case.first | {"version": seen}).status_code == 303
    theirs = state()

    told = grace.post(action, data=case.second | {"version": seen})

    assert told.status_code == 409
    words = html.unescape(told.text)
    assert "There is a problem" in words
    assert "Somebody else changed this" in words
    assert re.search(rf"<ins>[^<]*{re.escape(case.theirs)}[^<]*</ins> now", words)
    assert re.search(rf"<del>[^<]*{re.escape(case.mine)}[^<]*</del> yours", words)
    assert case.kept in told.text
    assert state() == theirs
    assert grace.post(action, data=case.second | {"version": seen}).status_code == 409
    assert grace.post(action, data=case.second).status_code == 409
    assert state() == theirs

    assert grace.post(action, data=case.second | {"version": version_of(told.text, action)}).status_code == 303
    assert state() not in ("", theirs)


def test_a_rate_of_tax_replaces_another_only_when_both_were_seen(staff: StaffClient, sessions: Sessions) -> None:
    client = staff("owner")
    rate = {
        "country": "IE",
        "region": "",
        "tax_class": "standard",
        "name": "VAT",
        "source": "",
        "valid_from": "2030-01-01",
    }
    assert send(client, "/tax/rates", rate | {"percent": "20"}, "/tax/IE").status_code == 303

    told = send(client, "/tax/rates", rate | {"percent": "22.5", "source": "Budget"}, "/tax/IE")

    def rates() -> list[str]:
        with sessions() as session:
            return list(session.scalars(text("SELECT basis_points::text FROM orders.tax_rates")))

    assert told.status_code == 409
    assert "There is a rate for this place, class and day already." in told.text
    assert "<del>22.5</del> yours</dd><dd><ins>20</ins> now" in told.text
    assert 'value="Budget"' in told.text
    assert rates() == ["2000.000"]
    seen = version_of(told.text, "/tax/rates")
    with transaction(sessions) as tx:
        tx.execute(text("UPDATE orders.tax_rates SET basis_points = 2100"))
    assert client.post("/tax/rates", data=rate | {"percent": "22.5", "version": seen}).status_code == 409
    assert rates() == ["2100.000"]
    again = version_of(client.post("/tax/rates", data=rate | {"percent": "22.5", "version": seen}).text, "/tax/rates")
    assert client.post("/tax/rates", data=rate | {"percent": "22.5", "version": again}).status_code == 303
    assert rates() == ["2250.000"]


@pytest.mark.parametrize(
    ("page", "removal", "prepare", "change", "there"),
    [
        ("/delivery/zones/van-zone", "/delivery/zones/van-zone/removal", lambda tx: make_method(tx, "van"),
         "UPDATE orders.delivery_methods SET price = price + 1", "SELECT count(*) FROM orders.delivery_zones"),
        ("/delivery/methods/van", "/delivery/methods/van/removal", lambda tx: make_method(tx, "van"),
         "UPDATE orders.delivery_methods SET price = price + 1", "SELECT count(*) FROM orders.delivery_methods"),
        ("/synonyms/{id}", "/synonyms/{id}/removal",
         lambda tx: save_synonym(tx, terms=("sofa", "settee"), one_way=False),
         "UPDATE catalog.synonyms SET one_way = true", "SELECT count(*) FROM catalog.synonyms"),
        ("/tax/IE", "/tax/rates/removal", made_rate,
         "UPDATE orders.tax_rates SET basis_points = 1000", "SELECT count(*) FROM orders.tax_rates"),
    ],
    ids=["zone", "method", "synonym", "rate"],
)  # fmt: skip
def test_what_somebody_changed_is_not_taken_away_unseen(
    staff: StaffClient, sessions: Sessions, page: str, removal: str, prepare, change: str, there: str
) -> None:
    with transaction(sessions) as tx:
        made = prepare(tx)
    page, removal = page.format(id=made), removal.format(id=made)
    client = staff("owner")
    key = {"country": "IE", "region": "", "tax_class": "standard", "valid_from": "2030-01-01"}
    seen = version_of(client.get(page).text, removal)
    with transaction(sessions) as tx:
        tx.execute(text(change))

    told = client.post(removal, data=key | {"version": seen})

    assert (told.status_code, "Somebody else changed this" in told.text) == (409, True)
    with sessions() as session:
        assert session.scalar(text(there)) == 1
    assert client.post(removal, data=key | {"version": version_of(told.text, removal)}).status_code == 303
    with sessions() as session:
        assert session.scalar(text(there)) == 0


def test_a_way_to_deliver_that_was_taken_away_is_not_made_again_by_its_old_form(
    staff: StaffClient, sessions: Sessions
) -> None:
    with transaction(sessions) as tx:
        make_method(tx, "van")
    client = staff("owner")
    seen = version_of(client.get("/delivery/methods/van").text, "/delivery/methods/van")
    assert send(client, "/delivery/methods/van/removal", {}, "/delivery/methods/van").status_code == 303

    assert client.post("/delivery/methods/van", data=METHOD | {"version": seen}).status_code == 404
    with sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM orders.delivery_methods")) == 0


def test_tabs_of_the_settings_do_not_disturb_each_other(staff: StaffClient, sessions: Sessions) -> None:
    client = staff("owner")
    seen = version_of(client.get("/settings/legal").text, "/settings/legal")
    assert send(client, "/settings", SHOP).status_code == 303

    assert client.post("/settings/legal", data=LEGAL | {"version": seen}).status_code == 303
