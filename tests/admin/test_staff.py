"""The pages of staff and roles: nobody rises above themselves, and the last owner stays."""

import pytest
from sqlalchemy import select

from domain.shared.db import transaction
from domain.users import queries
from domain.users.models import Role, StaffInvitation, StaffMember
from domain.users.roles import covers
from tests.admin.conftest import send
from tests.factories.users import NEW_PASSWORD, PASSWORD, make_staff


def one(sessions, name):
    with sessions() as reading:
        return next(row for row in queries.staff_list(reading) if row.name == name)


def test_the_owner_gives_a_role_and_it_holds_from_the_next_click(staff, sessions):
    owner, bob = staff("owner"), staff("orders", "Bob")
    address = f"/staff/{one(sessions, 'Bob').id}"
    assert bob.get("/products").status_code == 200
    assert bob.get("/tax").status_code == 403

    assert send(owner, f"{address}/role", {"role": "owner"}, address).location == address

    assert bob.get("/tax").status_code == 200
    assert "Bob is now owner." in owner.get(address).text


def test_nobody_gives_or_takes_more_than_they_have(app, staff, sessions):
    """A manager who was given the right to change staff is still no owner."""
    staff("owner", "Maeve")
    manager = staff("manager", "Mia")
    staff("support", "Sam")
    with transaction(sessions) as tx:
        role = tx.scalars(select(Role).where(Role.name == "manager")).one()
        role.permissions = [*role.permissions, "staff:write"]
    sam, maeve = f"/staff/{one(sessions, 'Sam').id}", f"/staff/{one(sessions, 'Maeve').id}"

    page = manager.get(sam).text
    assert '<option value="owner">' not in page
    assert manager.post(f"{sam}/role", data={"role": "owner"}).status_code == 422
    for verb in ("block", "sign-out", "second-factor/reset"):
        refused = manager.post(f"{maeve}/{verb}")
        assert refused.status_code == 422
        assert "may do more than yours" in refused.text
    assert manager.post(f"{maeve}/role", data={"role": "support"}).status_code == 422
    invited = {"email": "new@shop.test", "name": "New", "role": "owner"}
    assert manager.post("/staff/invitations", data=invited).status_code == 422

    assert (one(sessions, "Sam").role, one(sessions, "Maeve").role) == ("support", "owner")
    with sessions() as reading:
        assert reading.scalars(select(StaffInvitation)).all() == []
    assert send(manager, f"{sam}/role", {"role": "orders"}, sam).status_code == 303


def test_the_last_owner_stays(staff, sessions):
    owner = staff("owner", "Maeve")
    maeve = f"/staff/{one(sessions, 'Maeve').id}"

    for verb, data in (("block", {}), ("role", {"role": "manager"})):
        refused = send(owner, f"{maeve}/{verb}", data, maeve)
        assert refused.status_code == 422
        assert "only owner" in refused.text

    staff("owner", "Second")
    assert send(owner, f"{maeve}/role", {"role": "manager"}, maeve).status_code == 303


def test_whoever_is_blocked_is_out_at_once_and_back_when_let_in(app, staff, sessions):
    owner, bob = staff("owner"), staff("orders", "Bob")
    address = f"/staff/{one(sessions, 'Bob').id}"

    owner.post(f"{address}/block")
    assert bob.get("/orders").location.startswith("/sign-in")
    assert bob.post("/sign-in", data={"email": "bob@shop.test", "password": PASSWORD}).status_code == 422

    owner.post(f"{address}/unblock")
    assert bob.post("/sign-in", data={"email": "bob@shop.test", "password": PASSWORD}).status_code == 303


def test_sign_ins_are_seen_and_ended_one_by_one_or_all(app, staff, sessions):
    owner, here = staff("owner"), staff("orders", "Bob")
    there = app.test_client()
    there.post("/sign-in", data={"email": "bob@shop.test", "password": PASSWORD}, headers={"User-Agent": "Elsewhere/1"})
    page = here.get("/me").text
    assert "Elsewhere/1" in page
    assert "(here)" in page
    with sessions() as reading:
        from domain.users.models import StaffSession

        elsewhere = reading.scalars(select(StaffSession.id).where(StaffSession.browser == "Elsewhere/1")).one()

    assert owner.post(f"/me/sign-ins/{elsewhere}/end").status_code == 303  # not hers: nothing happens
    assert there.get("/orders").status_code == 200
    here.post(f"/me/sign-ins/{elsewhere}/end")
    assert there.get("/orders").status_code == 303
    assert here.get("/orders").status_code == 200

    owner.post(f"/staff/{one(sessions, 'Bob').id}/sign-out")
    assert here.get("/orders").status_code == 303


def test_a_sign_out_ends_the_sign_in_itself_not_only_the_cookie(app, staff):
    bob = staff("orders", "Bob")
    kept = bob.get_cookie("admin_session").value
    bob.post("/sign-out")

    thief = app.test_client()
    thief.set_cookie("admin_session", kept)
    assert thief.get("/orders").status_code == 303


def test_the_password_is_changed_with_the_present_one_and_other_browsers_go(app, staff, sessions):
    here = staff("orders", "Bob")
    there = app.test_client()
    there.post("/sign-in", data={"email": "bob@shop.test", "password": PASSWORD})

    wrong = here.post("/me/password", data={"present": "not it at all", "password": NEW_PASSWORD})
    assert wrong.status_code == 422
    weak = here.post("/me/password", data={"present": PASSWORD, "password": "password1"})
    assert weak.status_code == 422
    assert there.get("/orders").status_code == 200

    assert here.post("/me/password", data={"present": PASSWORD, "password": NEW_PASSWORD}).status_code == 303
    assert here.get("/orders").status_code == 200
    assert there.get("/orders").status_code == 303
    assert there.post("/sign-in", data={"email": "bob@shop.test", "password": NEW_PASSWORD}).status_code == 303


def test_the_owner_changes_what_a_role_may_do(staff, sessions):
    owner, analyst = staff("owner"), staff("analyst")
    assert analyst.get("/jobs").status_code == 403
    page = owner.get("/staff/roles/analyst").text
    assert "See background jobs" in page

    answers = {"description": "Reads", "permissions": ["dashboard:read", "jobs:read"]}
    assert send(owner, "/staff/roles/analyst", answers).location == "/staff/roles"

    assert analyst.get("/jobs").status_code == 200
    assert analyst.get("/products").status_code == 403
    with transaction(sessions) as tx:  # a new version of the shop does not take it back
        make_staff(tx, email="x@shop.test", name="X")
    assert analyst.get("/jobs").status_code == 200


def test_a_role_of_ones_own_is_made_once(staff, sessions):
    owner = staff("owner")
    answers = {"name": "night-shift", "description": "Packs at night", "permissions": ["orders:read", "orders:ship"]}

    assert owner.post("/staff/roles", data=answers).status_code == 303
    assert owner.post("/staff/roles", data=answers).status_code == 409
    assert owner.post("/staff/roles", data=answers | {"name": "Night Shift"}).status_code == 422
    assert owner.post("/staff/roles", data=answers | {"name": "more", "permissions": ["*"]}).status_code == 422

    with sessions() as reading:
        assert queries.one_role(reading, "night-shift").permissions == {"orders:read", "orders:ship"}


def test_the_owners_role_is_fixed_and_unknown_ones_are_not_there(staff, sessions):
    owner = staff("owner")

    refused = owner.post("/staff/roles/owner", data={"description": "Nothing", "permissions": []})
    assert refused.status_code == 422
    assert owner.get("/staff/roles/nobody").status_code == 404
    with sessions() as reading:
        assert queries.one_role(reading, "owner").permissions == {"*"}


@pytest.mark.parametrize(
    ("mine", "theirs", "holds"),
    [
        ({"*"}, {"*"}, True),
        ({"orders:*"}, {"orders:ship", "orders:read"}, True),
        ({"orders:read"}, {"orders:*"}, False),
        ({"orders:read"}, set(), True),
        ({"orders:read", "staff:write"}, {"*"}, False),
    ],
)
def test_covers(mine, theirs, holds):
    assert covers(mine, theirs) is holds


def test_too_long_away_or_too_long_here_means_signing_in_again(app, staff, sessions, monkeypatch):
    import time
    from datetime import timedelta

    from sqlalchemy import update

    from domain.shared.db import utcnow
    from domain.users.models import StaffSession

    bob, now = staff("orders", "Bob"), time.time()
    for minutes, status in ((100, 200), (200, 200), (321, 303)):  # idle: two hours after the last click
        monkeypatch.setattr("admin.access.time.time", lambda minutes=minutes: now + minutes * 60)
        assert bob.get("/orders").status_code == status, minutes
    monkeypatch.undo()

    ann = staff("orders", "Ann")
    assert ann.get("/orders").status_code == 200
    with transaction(sessions) as tx:
        tx.execute(update(StaffSession).values(created_at=utcnow() - timedelta(hours=12, minutes=1)))
    assert ann.get("/orders").status_code == 303


def test_each_sign_in_has_an_id_of_its_own_and_the_one_before_is_not_taken_over(app, sessions, staff):
    bob = staff("orders", "Bob")
    first = bob.get_cookie("admin_session").value
    bob.post("/sign-in", data={"email": "bob@shop.test", "password": PASSWORD})

    assert bob.get_cookie("admin_session").value != first


def test_no_cookie_of_the_admin_works_in_the_storefront_nor_the_other_way(app, staff, storefront, sessions):
    from tests.factories.users import make_shopper

    with transaction(sessions) as tx:
        make_shopper(tx)
    owner = staff("owner")
    storefront.post("/sign-in", data={"email": "grace@example.com", "password": PASSWORD})
    assert storefront.get("/account").status_code == 200
    of_staff, of_shopper = owner.get_cookie("admin_session").value, storefront.get_cookie("session").value

    for name in ("admin_session", "session"):
        client = app.test_client()
        client.set_cookie(name, of_shopper)
        assert client.get("/orders").status_code == 303
        shop = storefront.application.test_client()
        shop.set_cookie(name, of_staff)
        assert shop.get("/account").status_code in (302, 303)


def test_a_list_of_staff_is_read_but_not_changed_by_whoever_only_reads(staff, sessions):
    with transaction(sessions) as tx:
        make_staff(tx, email="x@shop.test", name="X", role="support")
    manager = staff("manager")

    assert "x@shop.test" in manager.get("/staff").text
    page = manager.get(f"/staff/{one(sessions, 'X').id}").text
    assert "Block" not in page
    assert manager.post(f"/staff/{one(sessions, 'X').id}/block").status_code == 403
    with sessions() as reading:
        assert reading.scalars(select(StaffMember.blocked_at).where(StaffMember.name == "X")).one() is None
