"""Shoppers' accounts."""

from uuid import uuid4

import pytest
from sqlalchemy import update

from domain.shared.db import utcnow
from domain.users import commands, queries
from domain.users.errors import BadEmail, EmailTaken, NoSuchShopper, WeakPassword, WrongCredentials
from domain.users.models import Shopper
from tests.factories.users import NEW_PASSWORD, PASSWORD, make_shopper, make_staff


def test_a_shopper_registers_and_signs_in(session):
    made = commands.register_shopper(session, email=" Grace@Example.com", password=PASSWORD, name=" Grace ")

    assert (made.email, made.name, made.verified) == ("grace@example.com", "Grace", False)
    assert commands.authenticate_shopper(session, email="GRACE@example.com", password=PASSWORD) == made
    assert queries.shopper_by_id(session, made.id) == made


def test_an_address_has_one_account(session):
    first = make_shopper(session)

    with pytest.raises(EmailTaken):
        make_shopper(session, email="GRACE@example.com", name="Another")

    assert queries.shopper_by_id(session, first.id).name == "Grace"


def test_bad_answers_are_refused(session):
    with pytest.raises(BadEmail):
        make_shopper(session, email="grace at home")
    with pytest.raises(WeakPassword):
        commands.register_shopper(session, email="grace@example.com", password=PASSWORD[:5])
    with pytest.raises(WrongCredentials):
        commands.authenticate_shopper(session, email="grace@example.com", password=PASSWORD)


def test_staff_are_no_shoppers_and_shoppers_no_staff(session):
    make_staff(session, email="ada@shop.test")
    make_shopper(session, email="grace@example.com")

    with pytest.raises(WrongCredentials):
        commands.authenticate_shopper(session, email="ada@shop.test", password=PASSWORD)
    with pytest.raises(WrongCredentials):
        commands.authenticate_staff(session, email="grace@example.com", password=PASSWORD)


def test_a_blocked_shopper_is_out(session):
    made = make_shopper(session)
    session.execute(update(Shopper).values(blocked_at=utcnow()))
    session.expire_all()

    with pytest.raises(WrongCredentials):
        commands.authenticate_shopper(session, email=made.email, password=PASSWORD)
    with pytest.raises(NoSuchShopper):
        queries.shopper_by_id(session, made.id)


def test_a_new_password_ends_the_sign_ins_made_with_the_old_one(session):
    made = make_shopper(session)

    changed = commands.set_shopper_password(session, shopper_id=made.id, password=NEW_PASSWORD)

    assert changed.session_key != made.session_key
    assert commands.authenticate_shopper(session, email=made.email, password=NEW_PASSWORD) == changed
    with pytest.raises(WrongCredentials):
        commands.authenticate_shopper(session, email=made.email, password=PASSWORD)
    with pytest.raises(NoSuchShopper):
        commands.set_shopper_password(session, shopper_id=uuid4(), password=NEW_PASSWORD)
