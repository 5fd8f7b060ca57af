"""Reading accounts: `staff` for those who work here, `shoppers` for those who buy."""

from domain.users.queries.shoppers import ShopperView, shopper_by_id, shopper_view
from domain.users.queries.staff import (
    InvitationRow,
    RoleView,
    SessionRow,
    StaffPerson,
    StaffRow,
    StaffView,
    invitation_to_accept,
    one_role,
    open_invitations,
    roles,
    roles_to_give,
    staff_by_id,
    staff_by_session,
    staff_list,
    staff_person,
    staff_view,
)

__all__ = [
    "InvitationRow",
    "RoleView",
    "SessionRow",
    "ShopperView",
    "StaffPerson",
    "StaffRow",
    "StaffView",
    "invitation_to_accept",
    "one_role",
    "open_invitations",
    "roles",
    "roles_to_give",
    "shopper_by_id",
    "shopper_view",
    "staff_by_id",
    "staff_by_session",
    "staff_list",
    "staff_person",
    "staff_view",
]
