"""The roles a shop starts with, and what each may do; a permission is `resource:verb`, and `*` stands for all."""

from collections.abc import Collection
from dataclasses import dataclass

OWNER = "owner"

PERMISSIONS: dict[str, str] = {
    "dashboard:read": "See today's figures",
    "orders:read": "See orders",
    "orders:ship": "Pack, ship and deliver orders",
    "orders:note": "Write notes and tags on orders",
    "orders:cancel": "Cancel orders",
    "orders:refund": "Give money back",
    "payments:confirm": "Confirm transfers that arrived or were sent back",
    "products:read": "See products",
    "products:write": "Change products and prices",
    "inventory:read": "See stock",
    "inventory:write": "Receive and correct stock",
    "customers:read": "See customers",
    "customers:write": "Change customers",
    "reviews:read": "See reviews",
    "reviews:write": "Publish, refuse and answer reviews",
    "promotions:read": "See promotions",
    "promotions:write": "Change promotions",
    "shipping:write": "Change delivery zones, methods and prices",
    "notifications:read": "See the messages sent",
    "notifications:send": "Send messages again, and letters to oneself as a test",
    "notifications:write": "Switch messages off, stop addresses, say who gets alerts",
    "reports:read": "See reports",
    "jobs:read": "See background jobs",
    "jobs:retry": "Run failed jobs again, or drop them",
    "staff:read": "See the staff",
    "staff:write": "Invite staff, give them roles, block them",
    "roles:write": "Change what the roles may do",
    "keys:write": "Make keys for programs, and end them",
    "audit:read": "See what staff have done",
    "settings:write": "Change the shop's settings",
}
"""Every permission there is, in words."""


@dataclass(frozen=True)
class StartingRole:
    """A role that every shop has from the start."""

    name: str
    description: str
    permissions: tuple[str, ...]


_CATALOGUE = ("dashboard:read", "products:read", "products:write", "inventory:read", "inventory:write", "reviews:read",
              "reviews:write")  # fmt: skip
_ORDERS = (
    "dashboard:read",
    "orders:read",
    "orders:ship",
    "orders:note",
    "orders:cancel",
    "products:read",
    "inventory:read",
    "customers:read",
    "notifications:read",
    "notifications:send",
)

STARTING_ROLES: tuple[StartingRole, ...] = (
    StartingRole(OWNER, "May do everything", ("*",)),
    StartingRole(
        "manager",
        "Runs the shop day by day; all but staff and settings",
        tuple(
            name for name in PERMISSIONS if name not in ("staff:write", "roles:write", "keys:write", "settings:write")
        ),
    ),
    StartingRole("catalogue", "Keeps products, prices and stock", _CATALOGUE),
    StartingRole("orders", "Packs and ships orders, and cancels them", _ORDERS),
    StartingRole(
        "support",
        "Answers customers; sees orders and may cancel and refund them",
        (
            "dashboard:read",
            "orders:read",
            "orders:note",
            "orders:cancel",
            "orders:refund",
            "products:read",
            "customers:read",
            "customers:write",
            "reviews:read",
            "reviews:write",
            "notifications:read",
            "notifications:send",
        ),
    ),
    StartingRole(
        "analyst",
        "Reads figures, products and stock; changes nothing",
        ("dashboard:read", "products:read", "inventory:read", "reports:read"),
    ),
)


def can(permissions: Collection[str], permission: str) -> bool:
    """Say whether a set of permissions allows something: by its name, by `resource:*` or by `*`."""
    return not {permission, permission.partition(":")[0] + ":*", "*"}.isdisjoint(permissions)


def covers(mine: Collection[str], theirs: Collection[str]) -> bool:
    """Say whether whoever has `mine` may do all that `theirs` allow, so that giving them away raises nobody above."""
    return all(can(mine, name) for name in PERMISSIONS if can(theirs, name)) and ("*" in mine or "*" not in theirs)
