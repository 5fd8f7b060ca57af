"""The admin's API, to which each area adds its operations."""

from pathlib import Path

from web.api import Api

api = Api(
    name="admin",
    title="Cornershop for those who run it",
    about="Products, stock and orders, by keys that staff make for themselves and for partners. A key may do what its "
    "scopes say, and never more than whoever made it. Amounts are whole minor units; moments are RFC 3339. Fields and "
    "kinds of problems may be added within /api/v1: ignore what you do not know.",
    import_name=__name__,
    examples=Path(__file__).with_name("examples.json"),
)
