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


@dataclass(frozen=True, kw_only=True)
class LinkAsked(Event):
    """Somebody asked for a mail with a link; whether an account has the address is only looked up afterwards."""

    name: ClassVar[str] = "users.link_asked"
    link_id: UUID


@dataclass(frozen=True, kw_only=True)
class AccountOpened(Event):
    """A shopper has an account from now on."""

    name: ClassVar[str] = "users.account_opened"
    shopper_id: UUID


@dataclass(frozen=True, kw_only=True)
class NewDevice(Event):
    """A shopper has signed in at a browser that was not known before."""

    name: ClassVar[str] = "users.new_device"
    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class AddressVerified(Event):
    """A shopper has proved that mail to an address reaches them."""

    name: ClassVar[str] = "users.address_verified"
    shopper_id: UUID
    email: str


@dataclass(frozen=True, kw_only=True)
class AccountChanged(Event):
    """Something that keeps an account safe was changed; `email` is whom to tell, `what` names the notice."""

    name: ClassVar[str] = "users.account_changed"
    shopper_id: UUID
    change_id: UUID
    email: str
    what: str
