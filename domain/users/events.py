"""What happens to accounts."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from domain.shared.events import Event


@dataclass(frozen=True, kw_only=True)
class StaffInvited(Event):
    """Somebody was asked to join the staff."""

    name: ClassVar[str] = "users.staff_invited"
    invitation_id: UUID
