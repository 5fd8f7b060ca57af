"""Tax as shoppers see it, and addresses that nothing goes to."""

from domain.orders.commands.delivery import save_zone
from domain.shared.db import transaction
from storefront import create_app
from tests.factories.delivery import make_method, make_rate
from tests.storefront.conftest import Shopper, order_path


def test_cart_review_and_order_name_the_tax_with_its_rate(shopper: Shopper, gateway) -> None:
    shopper.ready()
    assert "Includes €3.18 VAT 23%." in shopper.client.get("/cart").text
    assert "Includes €3.18 VAT 23%." in shopper.client.get("/checkout/review").text

    shopper.order()
    path, key = order_path(gateway)

    assert "Includes €3.18 VAT 23%." in shopper.client.get(f"{path}?key={key}").text


def test_where_prices_are_without_tax_it_comes_on_top(settings, sessions, gateway, goods) -> None:
    app = create_app(
        settings=settings.model_copy(update={"prices_include_tax": False}),
        sessions=sessions,
        gateways={"demo": gateway},
    )
    shopper = Shopper(app.test_client())
    shopper.add()
    page = shopper.client.get("/cart").text

    assert "VAT 23%" in page
    assert "€3.91" in page
    assert "€20.91" in page
    assert "plus tax" in shopper.client.get(f"/p/{goods.mug.slug}").text


def test_a_part_of_a_country_that_is_not_delivered_to_is_said_at_the_address(shopper: Shopper, sessions) -> None:
    with transaction(sessions) as tx:
        make_method(tx, "us", places=("US",))
        save_zone(tx, code=None, name="Not these", places=["US-HI", "ES-CN"])
        make_method(tx, "es", places=("ES",))
    shopper.add()

    hawaii = shopper.details(country="US", region="Hawaii", postcode="96801")
    canaries = shopper.details(country="ES", postcode="35001")

    assert hawaii.status_code == canaries.status_code == 422
    assert "We do not deliver to this part of the country yet." in hawaii.text
    assert 'href="#region"' in hawaii.text
    assert 'href="#postcode"' in canaries.text
    assert shopper.details(country="US", region="oregon", postcode="97201").status_code == 303


def test_a_cart_too_heavy_for_a_place_is_said_at_the_address(shopper: Shopper, sessions) -> None:
    with transaction(sessions) as tx:
        make_method(tx, "air", places=("AU",), priced_by="weight", bands=[{"up_to": 100, "price": 900}])
        make_rate(tx, "AU", 1000)
    shopper.add()

    answer = shopper.details(country="AU", postcode="2000")

    assert answer.status_code == 422
    assert "We cannot send this cart there: it weighs" in answer.text
