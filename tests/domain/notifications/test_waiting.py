"""Whoever waits for something that is sold out hears of it once, when it can really be bought."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalog.commands import receive, unpublish
from domain.catalog.errors import NoSuchVariant
from domain.notifications.adapters.templates import render
from domain.notifications.models import Message
from domain.notifications.waiting import TEMPLATE, tell_waiting, wait_for
from domain.shared.settings import Settings
from domain.users.errors import BadEmail
from tests.factories.catalog import MadeProduct, make_product


@pytest.fixture
def sold_out(session: Session) -> MadeProduct:
    return make_product(session, sku="JUG-1", title="Linen jug", on_hand=0)


def told(session: Session) -> list[str]:
    return sorted(session.scalars(select(Message.recipient).where(Message.template == TEMPLATE)))


def test_everyone_who_waits_is_told_once(session: Session, sold_out: MadeProduct) -> None:
    for email in ("ana@example.com", "ben@example.com", " ANA@example.com "):
        wait_for(session, sku="JUG-1", email=email)
    receive(session, quantities={sold_out.variant_id: 5}, actor="staff")

    assert tell_waiting(session, [sold_out.id]) == 2
    assert tell_waiting(session, [sold_out.id]) == 0
    assert told(session) == ["ana@example.com", "ben@example.com"]


def test_nobody_is_told_of_what_cannot_be_bought(session: Session, sold_out: MadeProduct) -> None:
    wait_for(session, sku="JUG-1", email="ana@example.com")

    assert tell_waiting(session, [sold_out.id]) == 0
    receive(session, quantities={sold_out.variant_id: 5}, actor="staff")
    unpublish(session, product_id=sold_out.id)
    assert tell_waiting(session, [sold_out.id]) == 0
    assert told(session) == []


def test_another_wish_after_the_news_is_a_new_one(session: Session, sold_out: MadeProduct) -> None:
    wait_for(session, sku="JUG-1", email="ana@example.com")
    receive(session, quantities={sold_out.variant_id: 1}, actor="staff")
    tell_waiting(session, [sold_out.id])
    wait_for(session, sku="JUG-1", email="ana@example.com")

    assert tell_waiting(session, [sold_out.id]) == 1
    assert told(session) == ["ana@example.com", "ana@example.com"]


def test_a_wish_for_nothing_or_from_nobody_is_refused(session: Session, sold_out: MadeProduct) -> None:
    with pytest.raises(NoSuchVariant):
        wait_for(session, sku="NO-SUCH", email="ana@example.com")
    with pytest.raises(BadEmail):
        wait_for(session, sku="JUG-1", email="ana")


def test_the_letter_names_the_thing_and_where_it_is(settings: Settings) -> None:
    item = {"title": "Jug <b>", "options": "Moss", "path": "/p/jug?sku=JUG-1"}

    letter = render(TEMPLATE, {"item": item}, settings)

    assert letter.subject == "Jug <b> is back at Cornershop"
    assert "Jug <b> (Moss) is back" in letter.text
    assert "http://localhost/p/jug?sku=JUG-1" in letter.text
    assert "Jug &lt;b&gt;" in letter.html
    assert "<b> (Moss)" not in letter.html
