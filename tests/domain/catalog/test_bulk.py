"""Many prices changed at once while somebody else is at one of them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from domain.catalog.commands import apply_bulk, set_sale
from domain.catalog.models import Variant
from domain.catalog.queries import BulkChange, preview_bulk
from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.errors import ChangedMeanwhile
from tests.factories.catalog import make_product
from tests.processes import eventually, waiting_for_locks


def test_a_sale_that_is_being_saved_is_seen_before_its_price_is_changed(sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        mug = make_product(tx, sku="MUG", price=1000)
    change = BulkChange(action="price", basis_points=-2000)
    with sessions() as reading:
        stamp = preview_bulk(reading, [mug.id], change).stamp

    def apply() -> None:
        with transaction(sessions) as tx:
            apply_bulk(tx, product_ids=[mug.id], change=change, stamp=stamp, now=utcnow())

    with ThreadPoolExecutor(1) as pool:
        with transaction(sessions) as tx:
            set_sale(tx, variant_id=mug.variant_id, sale_price=900, starts_at=None, ends_at=None)
            tx.flush()
            applying = pool.submit(apply)
            eventually(lambda: waiting_for_locks(sessions))
        with pytest.raises(ChangedMeanwhile):
            applying.result()

    with sessions() as reading:
        assert reading.execute(select(Variant.price, Variant.sale_price)).one() == (1000, 900)
