"""Staff: hiring, roles, sign-in."""

from threading import Barrier, Thread

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from cli.migrate import bring_up_to_date
from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.settings import Settings
from domain.users import commands, queries
from domain.users.errors import EmailTaken, LastOwner, NoSuchRole, NoSuchStaff, WeakPassword, WrongCredentials
from domain.users.models import Role, StaffMember
from domain.users.roles import PERMISSIONS, STARTING_ROLES, can
from tests.factories.users import NEW_PASSWORD, PASSWORD, make_staff

WEAK = "password1"


def test_the_starting_roles_are_made_once_and_mended_but_added_ones_stay(session):
    commands.ensure_roles(session)
    session.execute(update(Role).where(Role.name == "support").values(permissions=[]))
    session.add(Role(name="florist", description="Waters the plants", permissions=["inventory:read"]))
    session.flush()

    commands.ensure_roles(session)
    session.expire_all()

    found = {role.name: role for role in queries.roles(session)}
    assert sorted(found) == ["analyst", "catalogue", "florist", "manager", "orders", "owner", "support"]
    assert "orders:refund" in found["support"].permissions
    assert found["florist"].permissions == {"inventory:read"}


def test_a_migration_gives_the_roles_of_an_old_shop_what_is_new_but_for_those_that_it_changed(
    sessions: Sessions, settings: Settings
) -> None:
    with transaction(sessions) as tx:
        commands.ensure_roles(tx)
        tx.execute(update(Role).values(permissions=["orders:read"]).where(Role.name.in_(["manager", "orders"])))
        tx.execute(update(Role).values(changed_at=utcnow()).where(Role.name == "orders"))

    bring_up_to_date(settings.database_url)

    with sessions() as reading:
        found = {role.name: role.permissions for role in queries.roles(reading)}
    assert {"orders:note", "reviews:write", "notifications:send"} <= set(found["manager"])
    assert found["orders"] == {"orders:read"}


def test_every_permission_of_a_role_is_one_that_exists():
    for role in STARTING_ROLES:
        assert set(role.permissions) - {"*"} <= set(PERMISSIONS), role.name


def test_can():
    assert can({"*"}, "staff:write")
    assert can({"orders:*"}, "orders:ship")
    assert can({"orders:ship"}, "orders:ship")
    assert not can({"orders:ship"}, "orders:cancel")
    assert not can(set(), "orders:read")


def test_staff_sign_in_with_their_address_in_any_case(session):
    staff_id = make_staff(session, email="Ada@Shop.test", role="orders")

    staff = commands.authenticate_staff(session, email=" ADA@shop.test", password=PASSWORD)

    assert (staff.id, staff.email, staff.name, staff.role) == (staff_id, "ada@shop.test", "Ada", "orders")
    assert staff.can("orders:ship")
    assert not staff.can("staff:write")
    assert queries.staff_by_id(session, staff_id) == staff
    assert session.scalars(select(StaffMember.last_seen_at)).one() is not None


@pytest.mark.parametrize(
    ("email", "password"),
    [("ada@shop.test", "wrong password"), ("nobody@shop.test", PASSWORD), ("not an address", PASSWORD), ("", "")],
)
def test_whatever_is_wrong_the_answer_is_the_same(session, email, password):
    make_staff(session)

    with pytest.raises(WrongCredentials):
        commands.authenticate_staff(session, email=email, password=password)


def test_a_hash_with_old_parameters_is_made_anew_at_sign_in(session):
    make_staff(session)
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    session.execute(update(StaffMember).values(password_hash=weak))

    commands.authenticate_staff(session, email="ada@shop.test", password=PASSWORD)
    session.flush()

    assert "m=19456,t=2,p=1" in session.scalars(select(StaffMember.password_hash)).one()
    commands.authenticate_staff(session, email="ada@shop.test", password=PASSWORD)


def test_an_address_is_hired_once(session):
    make_staff(session)

    with pytest.raises(EmailTaken):
        make_staff(session, email="ADA@shop.test", name="Another")

    assert [row.name for row in queries.staff_list(session)] == ["Ada"]


def test_a_role_that_does_not_exist_is_refused_and_says_which_do(session):
    with pytest.raises(NoSuchRole, match="analyst, catalogue, manager, orders, owner, support"):
        make_staff(session, role="wizard")
    assert queries.staff_list(session) == []


def test_a_weak_password_is_refused(session):
    commands.ensure_roles(session)
    with pytest.raises(WeakPassword):
        commands.add_staff(session, email="ada@shop.test", name="Ada", role="owner", password=WEAK)
    assert queries.staff_list(session) == []


def test_the_last_owner_stays(session):
    make_staff(session)
    with pytest.raises(LastOwner):
        commands.set_role(session, email="ada@shop.test", role="support")
    with pytest.raises(LastOwner):
        commands.block_staff(session, email="ada@shop.test")

    make_staff(session, email="bob@shop.test", name="Bob")
    commands.set_role(session, email="ada@shop.test", role="support")

    assert {row.email: row.role for row in queries.staff_list(session)} == {
        "ada@shop.test": "support", "bob@shop.test": "owner",
    }  # fmt: skip


def test_two_owners_who_block_each_other_at_once_leave_one(sessions):
    with transaction(sessions) as tx:
        make_staff(tx)
        make_staff(tx, email="bob@shop.test", name="Bob")
    start, refused = Barrier(2), []

    def block(email: str) -> None:
        start.wait()
        try:
            with transaction(sessions) as tx:
                commands.block_staff(tx, email=email)
        except LastOwner:
            refused.append(email)

    threads = [Thread(target=block, args=(email,)) for email in ("ada@shop.test", "bob@shop.test")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with sessions() as reading:
        assert len(refused) == 1
        assert sum(not row.blocked for row in queries.staff_list(reading)) == 1


def test_who_is_blocked_is_out_until_let_in_again(session):
    make_staff(session)
    bob = make_staff(session, email="bob@shop.test", name="Bob", role="orders")

    commands.block_staff(session, email="bob@shop.test")

    with pytest.raises(NoSuchStaff):
        queries.staff_by_id(session, bob)
    with pytest.raises(WrongCredentials):
        commands.authenticate_staff(session, email="bob@shop.test", password=PASSWORD)

    commands.unblock_staff(session, email="bob@shop.test")
    assert commands.authenticate_staff(session, email="bob@shop.test", password=PASSWORD).id == bob


def test_a_new_password_or_a_sign_out_ends_every_sign_in(session):
    ada = make_staff(session)
    first = queries.staff_by_id(session, ada).session_key

    commands.set_staff_password(session, email="ada@shop.test", password=NEW_PASSWORD)
    second = queries.staff_by_id(session, ada).session_key
    commands.sign_out_everywhere(session, staff_id=ada)
    third = queries.staff_by_id(session, ada).session_key

    assert len({first, second, third}) == 3
    with pytest.raises(WrongCredentials):
        commands.authenticate_staff(session, email="ada@shop.test", password=PASSWORD)
    assert commands.authenticate_staff(session, email="ada@shop.test", password=NEW_PASSWORD).id == ada


def test_nobody_is_nobody(session):
    commands.ensure_roles(session)
    with pytest.raises(NoSuchStaff):
        commands.set_role(session, email="nobody@shop.test", role="owner")
