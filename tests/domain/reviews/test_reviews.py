"""Reviews: who may write, what staff decide, and what a product's rating says afterwards."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from domain.catalog.commands import listing
from domain.catalog.queries import ListingRequest, product_page
from domain.catalog.queries import listing as list_products
from domain.orders.commands import ship
from domain.orders.commands.refund_lines import refund_lines
from domain.orders.queries import admin_order
from domain.orders.queries.purchases import order_purchase, shopper_purchase
from domain.reviews import queries
from domain.reviews.commands import (
    FormerReview,
    decide,
    forget_reviews,
    join_reviews,
    load_reviews,
    reply_to,
    unvote,
    vote,
    withdraw,
    write_review,
)
from domain.reviews.errors import (
    AlreadyReviewed,
    BadReview,
    EditedMeanwhile,
    NoReason,
    NoSuchReview,
    NotABuyer,
    OwnReview,
)
from domain.reviews.models import Review
from domain.shared.db import utcnow
from tests.factories.catalog import make_product
from tests.factories.orders import make_order
from tests.factories.reviews import make_review
from tests.factories.users import make_shopper

SAID = {"author": "Aoife", "stars": 4, "title": "Good", "words": "Holds a lot of tea."}


def rating(session, product):
    return product_page(session, product.slug, "EUR").rating


def test_a_published_review_counts_and_a_pending_one_does_not(session):
    mug = make_product(session)
    make_review(session, mug, email="a@example.com", stars=5)
    make_review(session, mug, email="b@example.com", stars=4)
    make_review(session, mug, email="c@example.com", stars=4)
    make_review(session, mug, email="d@example.com", stars=1, published=False)

    found = rating(session, mug)
    assert (found.average, found.reviews, found.counts) == (433, 3, (0, 0, 0, 2, 1))
    listing.refresh(session, [mug.id])
    [card] = list_products(session, ListingRequest(q=mug.title), "EUR").cards
    assert (card.rating, card.reviews) == (433, 3)


def test_without_a_purchase_nobody_writes(session):
    mug, jug = make_product(session), make_product(session)
    unpaid = make_order(session, sku=mug.sku)
    paid = make_order(session, sku=jug.sku, paid=True)
    of_jug = order_purchase(session, paid.order_id, product_id=jug.id)

    assert order_purchase(session, unpaid.order_id, product_id=mug.id) is None
    assert order_purchase(session, paid.order_id, product_id=mug.id) is None
    for purchase in (None, of_jug):
        with pytest.raises(NotABuyer):
            write_review(session, product_id=mug.id, purchase=purchase, now=utcnow(), **SAID)
    assert session.scalar(select(func.count()).select_from(Review)) == 0


def test_what_was_refunded_whole_gives_no_right_to_write(session):
    mug = make_product(session)
    order = make_order(session, sku=mug.sku, quantity=2, paid=True)
    line = admin_order(session, order.number).lines[0].id
    refund_lines(
        session, order_id=order.order_id, quantities={line: 1}, delivery=0, reason="Broken", actor="staff", restock=True
    )
    assert order_purchase(session, order.order_id, product_id=mug.id)

    refund_lines(
        session, order_id=order.order_id, quantities={line: 1}, delivery=0, reason="Broken", actor="staff", restock=True
    )
    assert order_purchase(session, order.order_id, product_id=mug.id) is None


def test_a_second_review_of_the_same_buyer_changes_the_first_and_waits_again(session):
    mug = make_product(session)
    review_id = make_review(session, mug, stars=5)
    purchase = order_purchase(session, session.scalars(select(Review.order_id)).one(), product_id=mug.id)

    write_review(session, product_id=mug.id, purchase=purchase, now=utcnow(), **SAID)

    [review] = session.scalars(select(Review)).all()
    assert (review.id, review.stars, review.state, review.version) == (review_id, 4, "pending", 2)
    assert rating(session, mug) is None


def test_an_order_under_somebody_elses_address_opens_nothing_of_theirs(session):
    mug = make_product(session)
    review_id = make_review(session, mug, email="aoife@example.com", stars=5)
    order = make_order(session, sku=mug.sku, paid=True, email="aoife@example.com")
    purchase = order_purchase(session, order.order_id, product_id=mug.id)

    assert queries.own_review(session, purchase) is None
    with pytest.raises(AlreadyReviewed, match="from this address already"):
        write_review(session, product_id=mug.id, purchase=purchase, now=utcnow(), **SAID)
    with pytest.raises(NoSuchReview):
        withdraw(session, purchase=purchase)

    [review] = session.scalars(select(Review)).all()
    assert (review.id, review.stars, review.state, review.version) == (review_id, 5, "published", 1)


def test_a_buyer_has_one_review_by_account_and_by_address(session):
    ada, mug = make_shopper(session, email="ada@example.com"), make_product(session)
    review_id = make_review(session, mug, email="ada@example.com")
    join_reviews(session, shopper_id=ada.id, email="ada@example.com")
    other = make_order(session, sku=mug.sku, paid=True, email="work@example.com")
    session.execute(
        text("UPDATE orders.orders SET shopper_id = :ada WHERE id = :order"), {"ada": ada.id, "order": other.order_id}
    )

    purchase = shopper_purchase(session, ada.id, product_id=mug.id)
    assert purchase.email == "work@example.com"
    write_review(session, product_id=mug.id, purchase=purchase, now=utcnow(), **SAID)

    assert session.scalars(select(Review.id)).all() == [review_id]
    assert [one.title for one in queries.reviews_of_shopper(session, ada.id)] == ["Good"]
    assert queries.still_to_review(session, ada.id) == ()


@pytest.mark.parametrize("wrong", [{"stars": 0}, {"stars": 6}, {"title": " "}, {"author": ""}, {"words": "Good."},
                                   {"words": "x" * 4001}])  # fmt: skip
def test_a_review_that_says_too_little_or_too_much_is_refused(session, wrong):
    mug = make_product(session)
    order = make_order(session, sku=mug.sku, paid=True)
    purchase = order_purchase(session, order.order_id, product_id=mug.id)

    with pytest.raises(BadReview):
        write_review(session, product_id=mug.id, purchase=purchase, now=utcnow(), **(SAID | wrong))
    assert queries.own_review(session, purchase) is None


def test_staff_decide_on_what_they_have_read(session):
    mug = make_product(session)
    first = make_review(session, mug, email="a@example.com", published=False)
    second = make_review(session, mug, email="b@example.com", published=False)

    def seen(*ids):
        return {one.id: one.seen for one in queries.staff_reviews_of(session, ids)}

    with pytest.raises(NoReason):
        decide(session, seen=seen(first), publish=False)
    with pytest.raises(EditedMeanwhile):
        decide(session, seen=seen(first) | {second: "2"}, publish=True)
    assert [row.id for row in queries.staff_reviews(session, queries.ReviewFilter()).rows] == [first, second]
    assert rating(session, mug) is None

    assert decide(session, seen=seen(first, second), publish=True) == 2
    assert rating(session, mug).reviews == 2
    decide(session, seen=seen(first), publish=False, reason="It is about the courier.")
    assert rating(session, mug).reviews == 1
    assert queries.staff_review(session, first).reason == "It is about the courier."


def test_a_list_is_sorted_narrowed_and_paged(session, statements):
    mug, now = make_product(session, on_hand=50), utcnow()
    made = {}
    for number, stars in enumerate((3, 5, 1, 4, 2, 5, 3)):
        made[number] = make_review(
            session, mug, email=f"r{number}@example.com", stars=stars, title=f"Number {number}",
            now=now - timedelta(days=number),
        )  # fmt: skip
    grace = make_shopper(session)
    vote(session, review_id=made[4], shopper_id=grace.id)

    def titles(**asked):
        return [row.title[-1] for row in queries.published_reviews(session, mug.id, **asked).rows]

    with statements() as seen:
        page = queries.published_reviews(session, mug.id)
    assert (len(seen), page.sort, page.more) == (1, "helpful", True)
    assert [row.title[-1] for row in page.rows] == ["4", "0", "1", "2", "3", "5"]
    assert titles(page=2) == ["6"]
    assert titles(sort="newest") == ["0", "1", "2", "3", "4", "5"]
    assert titles(sort="highest") == ["1", "5", "3", "0", "6", "4"]
    assert titles(sort="lowest") == ["2", "4", "0", "6", "3", "1"]
    assert titles(stars=3) == ["0", "6"]
    assert titles(sort="'; --", stars=9, page=-4) == titles()


def test_each_shopper_helps_once_and_nobody_helps_themselves(session):
    mug = make_product(session)
    review_id = make_review(session, mug, email="ada@example.com")
    hidden = make_review(session, mug, email="b@example.com", published=False)
    ada, grace = make_shopper(session, email="ada@example.com"), make_shopper(session, email="grace@example.com")
    join_reviews(session, shopper_id=ada.id, email="ada@example.com")

    for _ in range(2):
        vote(session, review_id=review_id, shopper_id=grace.id)
    assert queries.votes_of(session, review_id, shopper_id=grace.id) == (1, True)
    with pytest.raises(OwnReview):
        vote(session, review_id=review_id, shopper_id=ada.id)
    with pytest.raises(NoSuchReview):
        vote(session, review_id=hidden, shopper_id=grace.id)
    for _ in range(2):
        unvote(session, review_id=review_id, shopper_id=grace.id)
    assert queries.votes_of(session, review_id, shopper_id=grace.id) == (0, False)


def test_taking_a_review_back_takes_its_stars_with_it(session):
    mug = make_product(session)
    make_review(session, mug, stars=2)
    purchase = order_purchase(session, session.scalars(select(Review.order_id)).one(), product_id=mug.id)

    withdraw(session, purchase=purchase)

    assert rating(session, mug) is None
    with pytest.raises(NoSuchReview):
        withdraw(session, purchase=purchase)


def test_leaving_takes_along_what_was_written_and_voted(session):
    mug = make_product(session)
    make_review(session, mug, email="ada@example.com", stars=1)
    other = make_review(session, mug, email="b@example.com", stars=5)
    ada = make_shopper(session, email="ada@example.com")
    join_reviews(session, shopper_id=ada.id, email="ada@example.com")
    vote(session, review_id=other, shopper_id=ada.id)
    kinds = [one["kind"] for one in queries.reviews_to_take_along(session, ada.id)]
    assert kinds == ["review", "vote"]

    forget_reviews(session, shopper_id=ada.id, email="ada@example.com")

    assert queries.reviews_to_take_along(session, ada.id) == []
    assert (rating(session, mug).average, rating(session, mug).reviews) == (500, 1)
    assert queries.staff_review(session, other).id == other
    assert session.scalar(select(Review.helpful)) == 0


def test_reviews_of_a_former_shop_are_loaded_once_and_bear_no_mark_of_a_purchase(session):
    mug, now = make_product(session), utcnow()
    former = FormerReview(
        product_id=mug.id, email="old@example.com", author="Old", stars=3, title="So so", words="It is all right.",
        written_at=now,
    )  # fmt: skip

    assert (load_reviews(session, [former]), load_reviews(session, [former]), load_reviews(session, [])) == (1, 0, 0)

    [row] = queries.published_reviews(session, mug.id).rows
    assert (row.author, row.verified, rating(session, mug).average) == ("Old", False, 300)


def test_an_answer_stands_under_the_review_until_it_is_changed(session):
    mug = make_product(session)
    review_id = make_review(session, mug)

    reply_to(session, review_id=review_id, words=" Thank you. ")
    assert queries.published_reviews(session, mug.id).rows[0].reply == "Thank you."
    with pytest.raises(BadReview):
        reply_to(session, review_id=review_id, words="x" * 1001)
    reply_to(session, review_id=review_id, words="")
    assert queries.published_reviews(session, mug.id).rows[0].reply == ""


def test_a_sent_and_kept_order_gives_the_right_to_write(session):
    mug = make_product(session)
    order = make_order(session, sku=mug.sku, paid=True)
    ship(session, order_id=order.order_id, actor="staff", carrier="An Post", tracking_number="1")

    purchase = order_purchase(session, order.order_id, product_id=mug.id)

    assert (purchase.title, purchase.slug, purchase.email) == (mug.title, mug.slug, "aoife@example.com")
