"""What happens to orders, as the rest of the shop hears of it."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from domain.shared.events import Event
from domain.shared.money import Money


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Event):
    """A shopper agreed to buy; the stock is reserved and nothing is paid yet."""

    name: ClassVar[str] = "orders.order_placed"
    order_id: UUID
    number: str
    total: Money
    units: int


@dataclass(frozen=True, kw_only=True)
class OrderPaid(Event):
    """The order's whole amount has arrived; `payment_id` is None where there was nothing to pay."""

    name: ClassVar[str] = "orders.order_paid"
    order_id: UUID
    payment_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class PaymentAuthorised(Event):
    """The money is set aside at the gateway and waits to be captured."""

    name: ClassVar[str] = "orders.payment_authorised"
    order_id: UUID
    payment_id: UUID


@dataclass(frozen=True, kw_only=True)
class PaymentFailed(Event):
    """An attempt to pay was refused; the order waits for another."""

    name: ClassVar[str] = "orders.payment_failed"
    order_id: UUID
    payment_id: UUID


@dataclass(frozen=True, kw_only=True)
class PaymentReturned(Event):
    """Money arrived that the shop cannot keep (too late, twice, or the wrong amount); all of it is on its way back."""

    name: ClassVar[str] = "orders.payment_returned"
    order_id: UUID
    payment_id: UUID
    refund_id: UUID


@dataclass(frozen=True, kw_only=True)
class OrderPacked(Event):
    """The goods are in their box."""

    name: ClassVar[str] = "orders.order_packed"
    order_id: UUID


@dataclass(frozen=True, kw_only=True)
class OrderShipped(Event):
    """A parcel with some or all of the goods is on its way; `complete` says whether it was the last."""

    name: ClassVar[str] = "orders.order_shipped"
    order_id: UUID
    shipment_id: UUID
    complete: bool


@dataclass(frozen=True, kw_only=True)
class OrderDelivered(Event):
    """Every parcel has arrived."""

    name: ClassVar[str] = "orders.order_delivered"
    order_id: UUID


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Event):
    """The order will not be carried out; what was paid is given back.

    `replaced_by` is the order that the shopper placed instead, who then needs no mail about the old one.
    """

    name: ClassVar[str] = "orders.order_cancelled"
    order_id: UUID
    reason: str
    replaced_by: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class RefundRequested(Event):
    """Money is to be given back; the gateway has not been asked yet."""

    name: ClassVar[str] = "orders.refund_requested"
    order_id: UUID
    refund_id: UUID


@dataclass(frozen=True, kw_only=True)
class OrderRefunded(Event):
    """The gateway has given money back, all of the order's or a part."""

    name: ClassVar[str] = "orders.order_refunded"
    order_id: UUID
    refund_id: UUID
    amount: Money


@dataclass(frozen=True, kw_only=True)
class RefundFailed(Event):
    """The gateway refused to give money back; somebody has to look at it."""

    name: ClassVar[str] = "orders.refund_failed"
    order_id: UUID
    refund_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReturnRequested(Event):
    """A shopper wants to send goods back; staff decide."""

    name: ClassVar[str] = "orders.return_requested"
    order_id: UUID
    return_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReturnApproved(Event):
    """Staff agreed that the goods may come back."""

    name: ClassVar[str] = "orders.return_approved"
    order_id: UUID
    return_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReturnRefused(Event):
    """Staff did not agree to a return."""

    name: ClassVar[str] = "orders.return_refused"
    order_id: UUID
    return_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReturnReceived(Event):
    """The goods of a return have arrived."""

    name: ClassVar[str] = "orders.return_received"
    order_id: UUID
    return_id: UUID
