"""What the roles may do: data that the owner can change."""

import re
from collections.abc import Collection

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.shared.db import lock_one, utcnow
from domain.shared.errors import ChangedMeanwhile
from domain.users.errors import AboveYou, BadRoleName, FixedRole, NoSuchRole, TakenRole, UnknownPermission
from domain.users.models import Role
from domain.users.queries.staff import role_stamp
from domain.users.roles import OWNER, PERMISSIONS, STARTING_ROLES, covers

_NAME = re.compile(r"[a-z][a-z0-9-]{1,39}")


def ensure_roles(session: Session) -> None:
    """Bring the starting roles to what the code says; roles that a shop added or changed stay as they are."""
    values = [
        {"name": role.name, "description": role.description, "permissions": list(role.permissions)}
        for role in STARTING_ROLES
    ]
    statement = insert(Role).values(values)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[Role.name],
            set_={"description": statement.excluded.description, "permissions": statement.excluded.permissions},
            where=Role.changed_at.is_(None),
        )
    )


def create_role(
    session: Session, *, name: str, description: str, permissions: Collection[str], giver: Collection[str]
) -> None:
    """Make a role; raises BadRoleName, TakenRole, UnknownPermission or AboveYou."""
    if not _NAME.fullmatch(name):
        raise BadRoleName
    _check(permissions, giver)
    made = session.scalar(
        insert(Role)
        .values(name=name, description=description, permissions=sorted(set(permissions)), changed_at=utcnow())
        .on_conflict_do_nothing()
        .returning(Role.name)
    )
    if made is None:
        raise TakenRole


def change_role(
    session: Session,
    *,
    name: str,
    description: str,
    permissions: Collection[str],
    giver: Collection[str],
    seen: str | None = None,
) -> None:
    """Change what a role may do, from everybody's next click on; raises NoSuchRole, FixedRole or AboveYou.

    With `seen`, the version that was shown, raises ChangedMeanwhile if it is no longer that one.
    """
    role = lock_one(session, Role, name)
    if role is None:
        raise NoSuchRole(name, [])
    if name == OWNER:
        raise FixedRole
    if not covers(giver, role.permissions):
        raise AboveYou
    if seen is not None and seen != role_stamp(role.description, role.permissions):
        raise ChangedMeanwhile("role")
    _check(permissions, giver)
    role.description = description
    role.permissions = sorted(set(permissions))
    role.changed_at = utcnow()


def _check(permissions: Collection[str], giver: Collection[str]) -> None:
    if not set(permissions) <= set(PERMISSIONS):
        raise UnknownPermission
    if not covers(giver, permissions):
        raise AboveYou
