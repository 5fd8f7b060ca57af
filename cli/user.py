"""`./shop user`: add a member of staff, or change what one may do."""

import argparse
import getpass
import os
import sys

from sqlalchemy.orm import Session

from cli.errors import CliError
from domain.shared.audit import Deed, begin_audit
from domain.shared.db import make_engine, make_sessions, transaction
from domain.shared.settings import Settings
from domain.users import commands


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    verbs = parser.add_subparsers(dest="verb", metavar="verb", title="verbs", required=True)
    add = verbs.add_parser(
        "add", help="add a member of staff; the password is asked for, or read from SHOP_PASSWORD or the input"
    )
    add.add_argument("--staff", metavar="EMAIL", required=True, help="the address they sign in with")
    add.add_argument("--role", required=True, help="what they may do, for instance owner, manager, orders or support")
    add.add_argument("--name", help="what to call them (default: the address up to the @)")
    add.add_argument("--password-stdin", action="store_true", help="read the password from the first line of the input")
    role = verbs.add_parser("role", help="give a member of staff another role")
    role.add_argument("email", metavar="EMAIL")
    role.add_argument("role", metavar="ROLE")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Carry it out in one transaction."""
    engine = make_engine(settings.database_url, pool_size=1, application_name="cornershop-cli")
    try:
        if args.verb == "add":
            password = _password(from_input=args.password_stdin)
            name = args.name or args.staff.partition("@")[0]
            with transaction(make_sessions(engine)) as tx:
                _note(tx, "added", args.staff)
                commands.ensure_roles(tx)
                commands.add_staff(tx, email=args.staff, name=name, password=password, role=args.role)
            print(f"{args.staff} can sign in to the admin as {args.role}.")
        else:
            with transaction(make_sessions(engine)) as tx:
                _note(tx, "role", args.email)
                commands.ensure_roles(tx)
                commands.set_role(tx, email=args.email, role=args.role)
            print(f"{args.email} is now {args.role}.")
    finally:
        engine.dispose()
    return 0


def _note(tx: Session, verb: str, email: str) -> None:
    """Write into the audit log that this came from the machine itself, and by which account of it."""
    who = f"{getpass.getuser()} at the command line"
    begin_audit(tx, Deed(staff_id=None, staff_name=who, area="staff", action=f"./shop user {verb}", resource=email))


def _password(*, from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\n")
    given = os.environ.get("SHOP_PASSWORD")
    if given:
        return given
    if not sys.stdin.isatty():
        raise CliError("There is no terminal to ask for a password", "Set SHOP_PASSWORD, or use --password-stdin")
    password = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != password:
        raise CliError("The two passwords differ", "Try again")
    return password
