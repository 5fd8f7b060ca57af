"""Wishlists: whose they are, what goes on them, and what becomes of them at a sign-in."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from domain.catalog.commands import unpublish
from domain.catalog.errors import NoSuchVariant
from domain.shared.db import utcnow
from domain.wishlist import commands
from domain.wishlist.errors import FullWishlist, NoSuchWishlist
from domain.wishlist.holder import Holder
from domain.wishlist.models import Wish, Wishlist
from domain.wishlist.queries import count_wishes, shared_wishlist, wishes_of, wishes_to_take_along, wishlist
from tests.factories.catalog import make_product
from tests.factories.users import make_shopper


def titles(session, holder):
    return [one.title for one in wishlist(session, holder, currency="EUR").wishes]


def test_a_browser_and_an_account_each_have_a_list(session, statements):
    mug, jug, ada = make_product(session, title="Mug"), make_product(session, title="Jug"), make_shopper(session)
    browser = Holder(list_id=commands.wish(session, holder=Holder(), sku=mug.sku))
    account = Holder(shopper_id=ada.id)
    for _ in range(2):
        commands.wish(session, holder=account, sku=jug.sku)

    assert (titles(session, browser), titles(session, account)) == (["Mug"], ["Jug"])
    assert (titles(session, Holder()), titles(session, Holder(list_id=uuid4()))) == ([], [])
    with statements() as seen:
        assert wishlist(session, account, currency="EUR").wishes[0].buyable
    assert len(seen) == 2
    assert wishes_of(session, account) == {jug.variant_id}
    assert wishes_to_take_along(session, ada.id, currency="EUR") == [{"sku": jug.sku, "title": "Jug", "options": ""}]
    commands.unwish(session, holder=account, variant_id=mug.variant_id)
    commands.unwish(session, holder=account, variant_id=jug.variant_id)
    assert count_wishes(session, account) == 0


def test_a_list_of_an_account_is_not_found_by_its_id(session):
    mug, ada = make_product(session), make_shopper(session)
    list_id = commands.wish(session, holder=Holder(shopper_id=ada.id), sku=mug.sku)

    assert titles(session, Holder(list_id=list_id)) == []
    commands.unwish(session, holder=Holder(list_id=list_id), variant_id=mug.variant_id)
    commands.merge_wishlists(session, list_id=list_id, shopper_id=make_shopper(session, email="b@example.com").id)
    assert count_wishes(session, Holder(shopper_id=ada.id)) == 1


def test_signing_in_brings_the_two_together(session):
    mug, jug, tray = (make_product(session, title=title) for title in ("Mug", "Jug", "Tray"))
    ada = make_shopper(session)
    first = commands.wish(session, holder=Holder(), sku=mug.sku)
    commands.merge_wishlists(session, list_id=first, shopper_id=ada.id)
    assert titles(session, Holder(shopper_id=ada.id)) == ["Mug"]

    second = commands.wish(session, holder=Holder(), sku=jug.sku)
    for sku in (mug.sku, tray.sku):
        commands.wish(session, holder=Holder(list_id=second), sku=sku)
    commands.merge_wishlists(session, list_id=second, shopper_id=ada.id)
    commands.merge_wishlists(session, list_id=None, shopper_id=ada.id)

    assert sorted(titles(session, Holder(shopper_id=ada.id))) == ["Jug", "Mug", "Tray"]
    assert session.scalar(select(func.count()).select_from(Wishlist)) == 1


def test_what_is_not_sold_and_what_is_too_much_is_refused(session, monkeypatch):
    mug, jug, gone = make_product(session), make_product(session), make_product(session, published=False)
    monkeypatch.setattr(commands, "MOST", 1)
    holder = Holder(list_id=commands.wish(session, holder=Holder(), sku=mug.sku))

    for sku in (gone.sku, "NONE"):
        with pytest.raises(NoSuchVariant):
            commands.wish(session, holder=holder, sku=sku)
    with pytest.raises(FullWishlist, match="1 things"):
        commands.wish(session, holder=holder, sku=jug.sku)
    assert count_wishes(session, holder) == 1
    unpublish(session, product_id=mug.id)
    [left] = wishlist(session, holder, currency="EUR").wishes
    assert (left.buyable, left.on_sale) == (False, False)


def test_a_link_opens_the_list_until_it_is_taken_back(session):
    mug = make_product(session, title="Mug")
    with pytest.raises(NoSuchWishlist):
        commands.share(session, holder=Holder())
    holder = Holder(list_id=commands.wish(session, holder=Holder(), sku=mug.sku))

    token = commands.share(session, holder=holder)
    assert (len(token), commands.share(session, holder=holder)) == (32, token)
    assert [one.title for one in shared_wishlist(session, token, currency="EUR").wishes] == ["Mug"]

    commands.unshare(session, holder=holder)
    with pytest.raises(NoSuchWishlist):
        shared_wishlist(session, token, currency="EUR")
    assert commands.share(session, holder=holder) != token


def test_lists_nobody_comes_back_to_are_dropped_and_those_of_accounts_stay(session):
    mug, ada, now = make_product(session), make_shopper(session), utcnow()
    for holder in (Holder(), Holder(), Holder(shopper_id=ada.id)):
        commands.wish(session, holder=holder, sku=mug.sku)
    session.execute(update(Wishlist).values(updated_at=now - timedelta(days=99)))

    assert commands.purge_wishlists(session, before=now - timedelta(days=90), limit=9) == 2
    assert session.scalar(select(func.count()).select_from(Wish)) == 1
    commands.forget_wishlist(session, shopper_id=ada.id)
    assert session.scalar(select(func.count()).select_from(Wish)) == 0
