"""All that is kept about a shopper: to be taken along, and to be deleted."""

from typing import Any

from domain.users.errors import WrongPassword
from storefront.api.caller import shopper
from storefront.api.credentials import Present
from storefront.api.table import api
from storefront.privacy import forget, kept_about, written_out
from storefront.throttle import code_throttle
from web.api.deeds import deed
from web.api.slowdown import counting
from web.db import session
from web.settings import shop_settings

AREA = "Privacy"


@api.get("/account/export", area=AREA, answer=dict[str, Any], tagged=False)
def export_account() -> Any:
    """Give all that is kept about the shopper, in one file that other shops can read too."""
    return written_out(kept_about(session(), shopper(), currency=shop_settings().currency))


@api.post("/account/deletion", area=AREA, body=Present, status=204,
          example={"present": "correct tests need staples"})  # fmt: skip
def delete_account(body: Present) -> Any:
    """Delete the account for good; orders stay in the books without the name.

    It waits until the last order has arrived. All tokens of the account are then good no longer, so that a repeat of
    this call is answered with 401.
    """
    mine = shopper()
    with counting(code_throttle(mine.id), WrongPassword), deed() as act:
        forget(act.tx, mine, password=body.present)
        act.answers(None, status=204)
    return act.answer
