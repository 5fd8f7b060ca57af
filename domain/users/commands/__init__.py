"""What can be done with accounts: `staff` for those who work here, `shoppers` for those who buy."""

from domain.users.commands.api_keys import make_api_key, purge_api_keys, revoke_api_key, see_api_key
from domain.users.commands.app_sessions import begin_app_session, rotate_refresh
from domain.users.commands.factors import (
    begin_second_factor,
    confirm_second_factor,
    prove_second_factor,
    renew_recovery_codes,
    reset_second_factor,
)
from domain.users.commands.forget import delete_account, purge_accounts
from domain.users.commands.invitations import accept_invitation, invite_staff, withdraw_invitation
from domain.users.commands.profile import (
    ask_new_email,
    change_name,
    change_password,
    confirm_new_email,
    drop_address,
    hold_shopper,
    save_address,
)
from domain.users.commands.registration import (
    ask_registration,
    ask_reset,
    confirm_registration,
    reset_password,
)
from domain.users.commands.roles import change_role, create_role, ensure_roles
from domain.users.commands.sessions import (
    begin_session,
    end_session,
    end_sessions,
    see_session,
    take_up_session,
)
from domain.users.commands.shopper_factors import (
    begin_shopper_factor,
    confirm_shopper_factor,
    drop_shopper_factor,
    prove_shopper_factor,
)
from domain.users.commands.shoppers import authenticate_shopper, register_shopper, set_shopper_password
from domain.users.commands.sign_ins import begin_staff_session, end_staff_session
from domain.users.commands.signing import present_signer, retire_signing_keys
from domain.users.commands.staff import (
    add_staff,
    authenticate_staff,
    block_staff,
    change_own_password,
    set_role,
    set_staff_password,
    sign_out_everywhere,
    unblock_staff,
)

__all__ = [
    "accept_invitation",
    "add_staff",
    "ask_new_email",
    "ask_registration",
    "ask_reset",
    "authenticate_shopper",
    "authenticate_staff",
    "begin_app_session",
    "begin_second_factor",
    "begin_session",
    "begin_shopper_factor",
    "begin_staff_session",
    "block_staff",
    "change_name",
    "change_own_password",
    "change_password",
    "change_role",
    "confirm_new_email",
    "confirm_registration",
    "confirm_second_factor",
    "confirm_shopper_factor",
    "create_role",
    "delete_account",
    "drop_address",
    "drop_shopper_factor",
    "end_session",
    "end_sessions",
    "end_staff_session",
    "ensure_roles",
    "hold_shopper",
    "invite_staff",
    "make_api_key",
    "present_signer",
    "prove_second_factor",
    "prove_shopper_factor",
    "purge_accounts",
    "purge_api_keys",
    "register_shopper",
    "renew_recovery_codes",
    "reset_password",
    "reset_second_factor",
    "retire_signing_keys",
    "revoke_api_key",
    "rotate_refresh",
    "save_address",
    "see_api_key",
    "see_session",
    "set_role",
    "set_shopper_password",
    "set_staff_password",
    "sign_out_everywhere",
    "take_up_session",
    "unblock_staff",
    "withdraw_invitation",
]
