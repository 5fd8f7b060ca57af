"""Ways in which the books of promotions can be wrong."""

from domain.orders.commands import enter_code
from domain.shared.db import utcnow
from tests.cli.forged_shop import Shop
from tests.cli.forgeries import forges
from tests.factories.cart import make_checkout
from tests.factories.orders import agree, place
from tests.factories.promotions import make_promotion


def order_with_code(shop: Shop) -> str:
    """Place an order of two mugs with a code for a tenth, limited to three, and return its number."""
    make_promotion(shop.session, "TEN", limit_total=3)
    cart_id = make_checkout(shop.session, sku="MUG", quantity=2)
    terms = {"currency": "EUR", "country": "IE", "locale": "en_GB"}
    enter_code(shop.session, cart_id=cart_id, code="ten", now=utcnow(), **terms)
    number = place(shop.session, agree(shop.session, cart_id)).number
    assert shop.violations() == {}
    return number


@forges("every order's discounts have a name")
def nameless_discount(shop: Shop) -> str:
    number = order_with_code(shop)
    shop.order(number, "discounts = jsonb_set(discounts, '{0,amount}', '150')")
    shop.sql("UPDATE promotions.redemptions SET amount = 150", "UPDATE promotions.use_changes SET amount = 150 * uses")
    return f"{number}: discount 200, the named ones sum to 150"


@forges("orders and redemptions agree")
def redemption_of_another_amount(shop: Shop) -> str:
    number = order_with_code(shop)
    shop.sql("UPDATE promotions.redemptions SET amount = 199", "UPDATE promotions.use_changes SET amount = 199 * uses")
    return f"{number}: took off 200 for Ten off; its redemption says 199"


@forges("orders and redemptions agree")
def given_back_while_the_order_stands(shop: Shop) -> str:
    number = order_with_code(shop)
    shop.sql(
        "UPDATE promotions.redemptions SET released_at = now()",
        "UPDATE promotions.promotions SET used = 0",
        "UPDATE promotions.usages SET used = 0",
        "DELETE FROM promotions.use_changes",
    )
    return f"{number}: took off 200 for Ten off; its redemption says given back"


@forges("orders and redemptions agree")
def redemption_without_a_discount(shop: Shop) -> str:
    order_with_code(shop)
    shop.sql(
        "INSERT INTO promotions.redemptions (id, promotion_id, order_id, customer, amount, created_at, released_at)"
        " SELECT gen_random_uuid(), p.id, o.id, 'x@example.com', 0, now(), now()"
        " FROM promotions.promotions p, orders.orders o WHERE o.number = :number",
        number=shop.paid,
    )
    return f"{shop.paid}: a redemption without its order and discount"


@forges("limited promotions are counted right and within their limit")
def promotion_counted_wrong(shop: Shop) -> str:
    order_with_code(shop)
    shop.sql("UPDATE promotions.promotions SET used = 2")
    return "Ten off: used 2 of 3, orders say 1"


@forges("customers' uses of promotions are counted right")
def customer_counted_wrong(shop: Shop) -> str:
    order_with_code(shop)
    shop.sql("UPDATE promotions.usages SET used = 4")
    return "Ten off: aoife@example.com used it 4 times, orders say 1"


@forges("what is kept of the uses of promotions is what orders used")
def uses_kept_wrong(shop: Shop) -> str:
    order_with_code(shop)
    shop.sql("UPDATE promotions.use_changes SET uses = 2 WHERE uses = 1")
    return "Ten off: kept 2 uses by 1 customers for 200, orders say 1 by 1 for 200"
