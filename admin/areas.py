"""The places of the navigation, in the groups in which they are listed."""

from dataclasses import dataclass

from domain.users.queries import StaffView


@dataclass(frozen=True)
class Area:
    """A place in the navigation, with the permission it takes to see it; `also` names other blueprints of it."""

    endpoint: str
    label: str
    permission: str
    also: tuple[str, ...] = ()

    def holds(self, blueprint: str) -> bool:
        """Say whether the pages of a blueprint belong to this place."""
        return blueprint == self.endpoint.partition(".")[0] or blueprint in self.also


@dataclass(frozen=True)
class Group:
    """Places that belong together, under a title."""

    title: str
    areas: tuple[Area, ...]


GROUPS = (
    Group("Sales", (
        Area("dashboard.show", "Today", "dashboard:read"),
        Area("orders.index", "Orders", "orders:read", ("batches", "exports.orders", "order_notes", "payments")),
        Area("returns.index", "Returns", "orders:read", ("exports.returns",)),
        Area("promotions.index", "Promotions", "promotions:read", ("exports.promotions",)),
        Area("reports.index", "Reports", "reports:read"),
    )),
    Group("Catalogue", (
        Area("products.index", "Products", "products:read",
             ("product_parts", "product_pictures", "bulk", "collections", "tree", "removals", "imports",
              "exports.products")),
        Area("inventory.index", "Stock", "inventory:read", ("stocktake", "exports.stock", "exports.movements")),
        Area("synonyms.index", "Synonyms", "products:write"),
    )),
    Group("Customers", (
        Area("customers.index", "Customers", "customers:read", ("exports.customers",)),
        Area("reviews.index", "Reviews", "reviews:read", ("exports.reviews",)),
        Area("notifications.index", "Messages", "notifications:read",
             ("letters", "suppressions", "alerts", "exports.messages", "exports.suppressions")),
    )),
    Group("Shop", (
        Area("delivery.index", "Delivery", "shipping:write"),
        Area("tax.index", "Tax", "settings:write"),
        Area("settings.show", "Settings", "settings:write", ("logo", "ways_to_pay", "senders", "closing", "start")),
    )),
    Group("System", (
        Area("staff.index", "Staff", "staff:read", ("roles", "invitations")),
        Area("keys.index", "Keys", "keys:write"),
        Area("jobs.index", "Jobs", "jobs:read"),
        Area("audit.index", "Log", "audit:read", ("exports.log",)),
    )),
)  # fmt: skip


def open_to(staff: StaffView) -> list[Group]:
    """Return the places that somebody may see; a group without any is left out."""
    groups = [Group(group.title, tuple(one for one in group.areas if staff.can(one.permission))) for group in GROUPS]
    return [group for group in groups if group.areas]
