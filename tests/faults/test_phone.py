"""The worked example of the API buys in a store of real processes, and is paid for on the demo gateway's own page."""

import subprocess
import sys

from sqlalchemy import Engine

from domain.shared.settings import ROOT
from tests.faults.store import Store, money_kept, orders, rows

EXAMPLE = ROOT / "docs" / "api" / "checkout.py"


def test_a_phone_buys_and_its_shopper_pays_on_the_gateways_page(store: Store, engine: Engine) -> None:
    with subprocess.Popen(  # noqa: S603 - our own example
        [sys.executable, EXAMPLE, store.settings.storefront_url], stdout=subprocess.PIPE, text=True
    ) as phone:
        try:
            assert phone.stdout
            words, _, address = phone.stdout.readline().strip().rpartition(" ")
            assert (words, address.startswith(f"{store.settings.sandbox_url}/gateway/pay/")) == ("Pay at", True)
            browser = store.shopper()
            back = browser.pay(browser.open(address))
            number, *said = phone.stdout.readline().split()
            assert phone.wait(60) == 0
        finally:
            phone.kill()

    [(kept, total)] = rows(engine, "SELECT number, total FROM orders.orders")
    assert (number, said) == (kept, ["paid", str(total), "EUR"])
    assert f"/orders/{number}" in back.url
    assert (orders(engine), money_kept(engine)) == (["paid"], total)
