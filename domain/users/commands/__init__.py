"""What can be done with accounts: `staff` for those who work here, `shoppers` for those who buy."""

from domain.users.commands.shoppers import authenticate_shopper, register_shopper, set_shopper_password
from domain.users.commands.staff import (
    add_staff,
    authenticate_staff,
    block_staff,
    ensure_roles,
    set_role,
    set_staff_password,
    sign_out_everywhere,
    unblock_staff,
)

__all__ = [
    "add_staff",
    "authenticate_shopper",
    "authenticate_staff",
    "block_staff",
    "ensure_roles",
    "register_shopper",
    "set_role",
    "set_shopper_password",
    "set_staff_password",
    "sign_out_everywhere",
    "unblock_staff",
]
