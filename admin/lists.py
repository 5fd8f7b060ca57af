"""Every list of the admin: what bounds its length, and what can be done with it. The docs' table is made of this."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from admin.many import Many
from admin.views import batches, jobs, notifications, promotions, reviews, suppressions
from domain.catalog.queries import LEDGER_SORTINGS, SHELF_SORTS
from domain.catalog.queries.imports import IMPORT_SORTS
from domain.catalog.queries.products_list import SORTS as PRODUCT_SORTS
from domain.notifications.log import SORTS as MESSAGE_SORTS
from domain.notifications.suppression import SORTS as STOP_SORTS
from domain.orders.queries import RETURN_SORTS
from domain.orders.queries import SORTS as ORDER_SORTS
from domain.promotions.queries import SORTS as PROMOTION_SORTS
from domain.reviews.queries import STAFF_SORTS
from domain.shared.audit import SORTS as LOG_SORTS
from domain.users.queries.customers import SORTS as CUSTOMER_SORTS


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A list on a page of the admin.

    `length` says how long it gets. One that is `paged` shows so many rows by key and never counts all; `file` is the
    name of its file; `deeds` are what can be done to the rows that are ticked; `why` says why something is missing.
    """

    endpoint: str
    title: str
    length: str
    paged: bool = True
    search: str = ""
    narrowed: str = ""
    sorts: Mapping[str, str] = field(default_factory=dict)
    file: str = ""
    deeds: Iterable[str] = ()
    why: str = ""


def _labels(many: Many) -> tuple[str, ...]:
    return tuple(deed.label for deed in many.deeds.values())


BY_HAND = "written by hand; some tens"
_LEDGER_SORTS = {name: sorting.label for name, sorting in LEDGER_SORTINGS.items()}
_NAME = "part of the name"

LISTS = (
    Listed(
        endpoint="orders.index", title="Orders", length="every order ever placed",
        search="number, mail address, name, SKU, tracking number", narrowed="state, days, payment, country, tag",
        sorts=ORDER_SORTS, file="orders", deeds=[label for label, _ in batches.ACTIONS.values()],
    ),
    Listed(
        endpoint="returns.index", title="Returns", length="every return ever asked for", search="as orders",
        narrowed="waiting or done", sorts=RETURN_SORTS, file="returns",
        why="Each return is answered and received by itself, as goods and money hang on it.",
    ),
    Listed(
        endpoint="promotions.index", title="Promotions", length="every promotion ever made; some thousands",
        search="part of the name, whole code", narrowed="state", sorts=PROMOTION_SORTS, file="promotions",
        deeds=_labels(promotions.MANY),
    ),
    Listed(
        endpoint="products.index", title="Products", length="50,000 and more", search="title, SKU, barcode",
        narrowed="status, category, brand", sorts=PRODUCT_SORTS, file="products",
        deeds=("Publish", "Make a draft", "Archive", "Change the price by percent", "Move to a category"),
    ),
    Listed(
        endpoint="product_parts.history", title="History of a product", length="every change ever made to it",
        why="It is read from the newest; the log has the same entries with an order and a file.",
    ),
    Listed(
        endpoint="product_pictures.show", title="Pictures of a product", length="60 at most", paged=False,
        why="All of them are seen at once, to be put in order.",
    ),
    Listed(
        endpoint="tree.categories", title="Categories", length="some thousands", search="part of the name or address",
        why="The order of a tree is its own. What goes with a category is decided for each.",
    ),
    Listed(
        endpoint="tree.brands", title="Brands", length="some thousands", search=_NAME, sorts=SHELF_SORTS,
        why="Where its products go is decided for each brand; `./shop export` writes them all.",
    ),
    Listed(
        endpoint="collections.index", title="Collections", length="some thousands", search="part of the title",
        sorts=SHELF_SORTS, why="As brands.",
    ),
    Listed(
        endpoint="tree.types", title="Product types", length="some hundreds", search=_NAME, sorts=SHELF_SORTS,
        why="As brands.",
    ),
    Listed(
        endpoint="imports.index", title="Imports", length="every file ever taken in", search="part of the file's name",
        narrowed="state", sorts=IMPORT_SORTS, why="Each has a report of its own as CSV.",
    ),
    Listed(
        endpoint="inventory.index", title="Stock", length="as many as there are SKUs", search="SKU, title",
        narrowed="low or out", file="stock",
        why="By SKU, as the shelves are; sorted by what is left are the products. Many counts at once are a stocktake.",
    ),
    Listed(
        endpoint="inventory.show", title="Stock history of a SKU", length="every change ever made to it",
        sorts=_LEDGER_SORTS, file="movements", why="Nothing of a ledger can be changed.",
    ),
    Listed(
        endpoint="stocktake.show", title="Stocktake", length="as many as there are SKUs", search="SKU, title",
        why="By SKU, as one walks along the shelves; the page itself changes many at once.",
    ),
    Listed(
        endpoint="stocktake.value", title="Worth of the stock", length="as many as there are departments", paged=False,
        why="A report in figures.",
    ),
    Listed(
        endpoint="synonyms.index", title="Synonyms", length=BY_HAND, paged=False, why="Bounded by nature.",
    ),
    Listed(
        endpoint="customers.index", title="Customers", length="every account", search="part of a name or mail address",
        narrowed="blocked, with a note", sorts=CUSTOMER_SORTS, file="customers",
        why="People are blocked or erased one by one.",
    ),
    Listed(
        endpoint="reviews.index", title="Reviews", length="every review ever written",
        search="product, order number, whole mail address", narrowed="state", sorts=STAFF_SORTS, file="reviews",
        deeds=_labels(reviews.MANY),
    ),
    Listed(
        endpoint="notifications.index", title="Messages", length="every message until its time is over",
        search="whole mail address, telephone, order number, message id", narrowed="state, kind", sorts=MESSAGE_SORTS,
        file="messages", deeds=_labels(notifications.MANY),
    ),
    Listed(
        endpoint="letters.index", title="Kinds of messages", length="as many as the program knows", paged=False,
        why="Bounded by nature.",
    ),
    Listed(
        endpoint="suppressions.index", title="Stopped addresses", length="every address whose mail came back",
        search="whole address", narrowed="stopped, lifted", sorts=STOP_SORTS, file="suppressions",
        deeds=_labels(suppressions.MANY),
    ),
    Listed(
        endpoint="alerts.index", title="Alerts for staff", length="kinds of alerts by staff", paged=False,
        why="Bounded by nature; the page changes all at once.",
    ),
    Listed(
        endpoint="delivery.index", title="Delivery zones and methods", length=BY_HAND, paged=False,
        why="Bounded by nature.",
    ),
    Listed(
        endpoint="tax.index", title="Tax", length="countries that are delivered to", paged=False,
        why="Bounded by nature.",
    ),
    Listed(
        endpoint="staff.index", title="Staff and invitations", length="people who work here", paged=False,
        why="Bounded by nature; somebody is let in or blocked one by one.",
    ),
    Listed(endpoint="roles.index", title="Roles", length=BY_HAND, paged=False, why="Bounded by nature."),
    Listed(
        endpoint="keys.index", title="Keys", length="programs that work with the shop", paged=False,
        why="Bounded by nature; a key is ended by itself.",
    ),
    Listed(
        endpoint="jobs.index", title="Failed jobs", length="whatever failed within a year", narrowed="queue",
        sorts=jobs.FAILED_SORTS, deeds=_labels(jobs.MANY),
        why="They lie in Redis, which cannot look words up; the log of the workers can be searched and kept.",
    ),
    Listed(
        endpoint="audit.index", title="Log", length="every deed of staff, for ever",
        search="order number, code or id", narrowed="who, where, days", sorts=LOG_SORTS, file="log",
        why="Nobody can change or remove a line.",
    ),
    Listed(
        endpoint="reports.index", title="Reports", length="the first few of each figure", paged=False,
        why="Figures of a span of days, each with a file of its own.",
    ),
)  # fmt: skip
"""The lists in the order of the navigation. What was asked for as a file is found by its address alone, for a day."""
