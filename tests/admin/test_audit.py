"""The audit log: every change that staff make leaves an entry, and nothing takes one away."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import request
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from admin.access import EVERYBODY
from domain.shared.audit import Deed, Search, audit_log, begin_audit
from domain.shared.db import transaction, utcnow
from tests.factories.catalog import make_product
from tests.factories.users import PASSWORD, make_shopper, make_staff
from web.csrf import SAFE
from web.db import transaction as web_transaction


def entries(sessions, **search):
    with sessions() as reading:
        return audit_log(reading, Search(**search)).rows


NOT_THROUGH_THE_APP = {
    "sign_in.enter": "nobody is signed in yet; the view itself notes who came in",
    "sign_in.prove": "as above, at the second step",
    "second_factor.reveal": "as above; it shows a secret that is in force only when it is confirmed",
    "second_factor.confirm": "as above; the view itself notes who turned it on",
    "invitations.accept": "whoever joins has no account before; the view itself notes who joined",
    "sign_in.leave": "who is signed in is gone before the answer; the end of the sign-in is noted by the view",
}
"""Routes that act and leave no entry by way of the app, each with its reason. Programs' deeds are in test_api.py."""


def test_no_route_that_acts_is_left_out_without_a_reason(app):
    open_to_all = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.methods - SAFE and app.view_functions[rule.endpoint].permission == EVERYBODY
    }

    assert open_to_all | {"sign_in.leave"} == set(NOT_THROUGH_THE_APP)


def everything_that_acts(app):
    """Every route that changes something for somebody who is signed in, with a concrete path.

    What programs do with a key is in test_api.py.
    """
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("api."):
            continue
        methods = sorted(rule.methods - SAFE)
        if methods and rule.endpoint not in NOT_THROUGH_THE_APP:
            values = {
                name: UUID(int=7) if type(converter).__name__ == "UUIDConverter" else "7"
                for name, converter in rule._converters.items()
            }
            yield rule.endpoint, methods[0], rule.build(values)[1]


def test_every_route_that_acts_leaves_an_entry_with_what_was_before_and_after(app, staff, sessions, monkeypatch):
    """Each view is stood in for by one that changes a row: what writes the log is the app, not the view."""
    owner = staff("owner")
    routes = list(everything_that_acts(app))
    assert len(routes) > 20

    def act(**_kwargs):
        with web_transaction() as tx:
            tx.execute(text("UPDATE users.roles SET description = :text WHERE name = 'analyst'"),
                       {"text": f"as {request.path}"})  # fmt: skip
        return "", 204

    for endpoint, method, path in routes:
        act.permission = app.view_functions[endpoint].permission
        monkeypatch.setitem(app.view_functions, endpoint, act)
        assert owner.open(path, method=method).status_code == 204, endpoint
        entry = entries(sessions)[0]
        assert (entry.action, entry.staff_name, entry.address) == (endpoint, "Owner", "127.0.0.1")
        assert [(change.table, change.key, change.verb) for change in entry.changes] == [
            ("users.roles", "analyst", "changed")
        ]
        [(name, _before, after)] = entry.changes[0].values
        assert (name, after) == ("description", f"as {path}")


def test_every_route_that_acts_outside_the_database_leaves_an_entry_too(app, staff, sessions, monkeypatch):
    owner = staff("owner")

    def act(**_kwargs):
        return "", 204

    for endpoint, method, path in everything_that_acts(app):
        act.permission = app.view_functions[endpoint].permission
        monkeypatch.setitem(app.view_functions, endpoint, act)
        assert owner.open(path, method=method).status_code == 204
        assert entries(sessions)[0].action == endpoint


def test_the_stock_is_corrected_and_the_log_says_by_whom_and_from_what(staff, sessions):
    with transaction(sessions) as tx:
        mug = make_product(tx, on_hand=3)
    variant = mug.variant_id
    client = staff("catalogue", "Ines")
    client.post(f"/inventory/{variant}/receipts", data={"quantity": "4", "reason": "A delivery"})

    entry = entries(sessions, area="inventory")[0]

    assert (entry.staff_name, entry.action, entry.resource) == ("Ines", "inventory.receive", str(variant))
    changed = {name: (before, after) for change in entry.changes for name, before, after in change.values}
    assert changed["on_hand"] == (3, 7)
    assert entries(sessions, resource=str(variant))[0].id == entry.id


def test_what_is_refused_leaves_no_entry(staff, sessions):
    with transaction(sessions) as tx:
        mug = make_product(tx)
    variant = mug.variant_id
    client = staff("catalogue")
    before = entries(sessions)

    assert client.post(f"/inventory/{variant}/receipts", data={"quantity": "-4"}).status_code == 422
    assert staff("orders").post(f"/inventory/{variant}/receipts", data={"quantity": "4"}).status_code == 403
    assert client.get("/inventory").status_code == 200

    assert [entry.action for entry in entries(sessions) if entry not in before] == ["sign_in.enter"]


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM shared.audit_entries",
        "DELETE FROM shared.audit_changes",
        "UPDATE shared.audit_entries SET staff_name = 'nobody'",
        "UPDATE shared.audit_changes SET after = NULL",
    ],
)
def test_the_database_refuses_to_change_or_remove_a_line(sessions, change):
    with transaction(sessions) as tx:
        begin_audit(tx, Deed(staff_id=None, staff_name="Trial", area="trial", action="trial"))
        make_staff(tx)
    before = entries(sessions)

    with pytest.raises(IntegrityError, match="are only ever added"), transaction(sessions) as tx:
        tx.execute(text(change))

    assert entries(sessions) == before


def test_secrets_and_what_shoppers_told_us_stay_out(sessions):
    with transaction(sessions) as tx:
        begin_audit(tx, Deed(staff_id=None, staff_name="Trial", area="trial", action="trial"))
        make_staff(tx)
        make_shopper(tx)

    [entry] = entries(sessions)
    rows = {change.table: {name: after for name, _, after in change.values} for change in entry.changes}

    assert rows["users.staff"]["email"] == "ada@shop.test"
    hidden = ("(hidden)", "(hidden)")
    assert (rows["users.staff"]["password_hash"], rows["users.staff"]["session_key"]) == hidden
    assert (rows["users.shoppers"]["email"], rows["users.shoppers"]["name"]) == hidden
    assert "grace" not in str(rows).lower()


def test_a_change_without_an_entry_is_nobodys(sessions):
    """What shoppers and workers do costs nothing: the trigger does not fire."""
    with transaction(sessions) as tx:
        make_staff(tx)
    with sessions() as reading:
        assert reading.scalar(text("SELECT count(*) FROM shared.audit_changes")) == 0


def test_every_table_is_watched_but_those_with_a_reason(engine):
    with engine.connect() as connection:
        bare = connection.scalars(text(
            "SELECT s.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace"
            " WHERE c.relkind = 'r' AND s.nspname IN ('shared', 'users', 'catalog', 'promotions', 'payments', 'orders',"
            " 'notifications') AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid"
            " AND t.tgname = 'keep_change')"
        )).all()  # fmt: skip

    assert sorted(bare) == [
        "catalog.listings",  # a copy for reading
        "catalog.product_worth",  # kept sums of what is watched
        "catalog.stock_movements",  # a ledger of its own, with the name of whoever moved the stock
        "catalog.worth_changes",  # marks for the above
        "notifications.messages",  # written by workers, full of what shoppers told us
        "promotions.kept_uses",  # kept sums of what is watched
        "promotions.use_changes",  # what they are made up of
        "shared.alembic_version",
        "shared.audit_changes",
        "shared.audit_entries",
        "shared.claims",
        "shared.idempotency_keys",  # kept beside the deed, which is in the log itself
        "shared.outbox",
    ]


def test_the_page_finds_by_who_where_which_and_when(staff, sessions):
    owner, ines = staff("owner", "Maeve"), staff("catalogue", "Ines")
    with transaction(sessions) as tx:
        begin_audit(tx, Deed(staff_id=None, staff_name="Tomás", area="orders", action="orders.pack", resource="A-1"))
    today = utcnow().date()

    everything = owner.get("/log").text
    assert everything.index("Tomás") < everything.index("Ines</th>") < everything.index("Maeve</th>")
    assert "Note that an order is in its box" in everything
    assert "Ines</th>" not in owner.get("/log?area=orders").text
    assert "Tomás" in owner.get("/log?resource=A-1").text
    assert "Tomás" not in owner.get("/log?resource=A-2").text
    who = next(row.id for row in _people(sessions) if row.name == "Ines")
    found = owner.get(f"/log?who={who}").text
    assert "Ines</th>" in found
    assert "Maeve</th>" not in found
    assert "Tomás" in owner.get(f"/log?since={today - timedelta(days=1)}&until={today + timedelta(days=1)}").text
    assert "Nothing was done that fits" in owner.get(f"/log?until={today - timedelta(days=2)}").text
    assert owner.get("/log?since=yesterday&who=me&after=x").status_code == 200
    assert ines.get("/log").status_code == 403


def test_days_long_gone_are_found_to_the_moment(staff, sessions):
    owner = staff("owner")
    with transaction(sessions) as tx:
        tx.execute(text(
            "INSERT INTO shared.audit_entries (id, created_at, staff_name, area, action, resource, address, request_id)"
            " SELECT uuidv7(at - now() - interval '2 seconds'), at, 'Ada', 'a', 'a.b', 'thing ' || n, '', ''"
            " FROM unnest(ARRAY['2025-03-09 23:59:59+00', '2025-03-10 00:00+00', '2025-03-10 23:59:59+00',"
            " '2025-03-11 00:00+00']::timestamptz[]) WITH ORDINALITY AS moments(at, n)"
        ))  # fmt: skip

    def things(**days):
        page = owner.get("/log", query_string=days).text
        return [n for n in range(1, 5) if f"thing {n}" in page]

    assert things(since="2025-03-10", until="2025-03-10") == [2, 3]
    assert (things(until="2025-03-09"), things(since="2025-03-11")) == ([1], [4])
    assert (things(since="0001-01-01"), things(until="9999-12-30")) == ([1, 2, 3, 4], [1, 2, 3, 4])
    assert (things(until="0001-01-01"), things(since="9999-12-30"), things(until="9999-12-31")) == (
        [],
        [],
        [1, 2, 3, 4],
    )


def test_a_page_of_the_log_costs_two_statements_and_leads_to_the_next(sessions, statements):
    with transaction(sessions) as tx:
        for number in range(5):
            begin_audit(tx, Deed(staff_id=None, staff_name="A", area="a", action="a.b", resource=str(number)))
    with sessions() as reading, statements() as seen:
        first = audit_log(reading, Search(), limit=3)
    with sessions() as reading:
        second = audit_log(reading, Search(), after=first.after, limit=3)

    assert [row.resource for row in first.rows + second.rows] == ["4", "3", "2", "1", "0"]
    assert second.after is None
    assert len(seen) == 2


def test_who_signs_in_is_written_down(app, sessions):
    with transaction(sessions) as tx:
        make_staff(tx)
    app.test_client().post("/sign-in", data={"email": "ada@shop.test", "password": PASSWORD})

    assert [(row.staff_name, row.action) for row in entries(sessions)] == [("Ada", "sign_in.enter")]


def _people(sessions):
    from domain.users.queries import staff_list

    with sessions() as reading:
        return staff_list(reading)
