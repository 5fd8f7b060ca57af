"""The storefront's API, to which each area adds its operations."""

from pathlib import Path

from web.api import Api

api = Api(
    name="storefront",
    title="Cornershop for phones, partners and scripts",
    about="All that a shopper can do on the pages, for programs. Amounts are whole minor units; addresses of pictures "
    "and pages are relative to the shop's own; moments are RFC 3339. Fields and kinds of problems may be added within "
    "/api/v1: ignore what you do not know.",
    import_name=__name__,
    examples=Path(__file__).with_name("examples.json"),
)
