"""Reviews that are written and published at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from domain.catalog.queries import product_page
from domain.orders.queries.purchases import order_purchase
from domain.reviews.commands import decide, write_review
from domain.reviews.models import Review
from domain.reviews.queries import staff_reviews_of
from domain.shared.db import transaction, utcnow
from tests.factories.catalog import make_product
from tests.factories.orders import make_order
from tests.factories.reviews import make_review


def test_two_tabs_write_one_review_and_two_staff_count_every_star(sessions):
    with transaction(sessions) as tx:
        mug = make_product(tx, on_hand=20)
        order = make_order(tx, sku=mug.sku, paid=True)
        purchase = order_purchase(tx, order.order_id, product_id=mug.id)
        waiting = [make_review(tx, mug, email=f"r{n}@example.com", stars=4, published=False) for n in range(4)]
        seen = {one.id: one.seen for one in staff_reviews_of(tx, waiting)}
    start = Barrier(8)

    def write(number):
        start.wait()
        with transaction(sessions) as tx:
            write_review(
                tx, product_id=mug.id, purchase=purchase, author="A", stars=5, title=f"Tab {number}",
                words="Written in two tabs at once.", now=utcnow(),
            )  # fmt: skip

    def publish(review_id):
        start.wait()
        with transaction(sessions) as tx:
            decide(tx, seen={review_id: seen[review_id]}, publish=True)

    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(write, n) for n in range(4)] + [pool.submit(publish, one) for one in waiting]
        for job in jobs:
            job.result()

    with sessions() as reading:
        assert reading.scalar(select(func.count()).where(Review.email == "aoife@example.com")) == 1
        rating = product_page(reading, mug.slug, "EUR").rating
    assert (rating.reviews, rating.average) == (4, 400)
