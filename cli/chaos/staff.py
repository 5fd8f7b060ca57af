"""The staff: they pack, ship, deliver, cancel and refund, take in new stock, and time passes for what nobody pays."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from cli.chaos.stage import Place
from domain.catalog import commands as catalog
from domain.orders import commands as orders
from domain.shared.db import transaction, utcnow
from domain.shared.errors import DomainError

ACTOR = "staff@example.com"
_NOBODY_PAYS = text(
    "UPDATE orders.orders SET expires_at = now() WHERE id IN ("
    " SELECT id FROM orders.orders WHERE state = 'placed' AND created_at < now() - interval '12 seconds' LIMIT 3)"
)


class Staff:
    """Somebody at the desk who does one thing after another."""

    def __init__(self, place: Place, *, seed: int) -> None:
        self._place, self._chance = place, random.Random(f"{seed} staff")  # noqa: S311 - repeatable, not secret
        self.done: Counter[str] = Counter()
        self.failures: list[str] = []
        self._home = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._acts: dict[str, tuple[int, Callable[[Session], None]]] = {
            "packed": (4, lambda tx: orders.pack(tx, order_id=self._one(tx, "paid"), actor=ACTOR)),
            "shipped": (6, self._ship),
            "delivered": (3, lambda tx: orders.deliver(tx, order_id=self._one(tx, "shipped"), actor=ACTOR)),
            "cancelled": (2, self._cancel),
            "refunded": (2, self._refund),
            "received": (1, self._receive),
            "asked to return": (3, self._ask_return),
            "answered": (3, self._answer_return),
            "taken back": (3, self._take_back),
            "let time pass": (2, lambda tx: tx.execute(_NOBODY_PAYS) and None),
        }

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Go home."""
        self._home.set()
        self._thread.join(60)

    def _work(self) -> None:
        names, weights = list(self._acts), [weight for weight, _ in self._acts.values()]
        while not self._home.wait(self._chance.uniform(0.05, 0.4)):
            name = self._chance.choices(names, weights)[0]
            try:
                with transaction(self._place.sessions) as tx:
                    self._acts[name][1](tx)
                self.done[name] += 1
            except (LookupError, DomainError, DBAPIError, PoolTimeout):
                self.done["tried in vain"] += 1
            except Exception as error:
                self.failures.append(f"{name}: {type(error).__name__}: {error}")

    def _one(self, tx: Session, *states: str) -> object:
        rows = tx.execute(
            text("SELECT id FROM orders.orders WHERE state = ANY(:states) ORDER BY created_at DESC LIMIT 20"),
            {"states": list(states)},
        ).all()
        return self._chance.choice(rows)[0]

    def _ship(self, tx: Session) -> None:
        order_id = self._one(tx, "paid", "packed")
        rows = tx.execute(
            text("SELECT id, quantity - shipped AS left FROM orders.lines WHERE order_id = :id"), {"id": order_id}
        ).all()
        some = {row.id: self._chance.randint(0, row.left) for row in rows} if self._chance.random() < 0.3 else None
        orders.ship(
            tx, order_id=order_id, actor=ACTOR, carrier="An Post", tracking_number=uuid4().hex[:12].upper(),
            quantities=some,
        )  # fmt: skip

    def _cancel(self, tx: Session) -> None:
        restock = self._chance.random() < 0.8
        orders.cancel(
            tx, order_id=self._one(tx, "placed", "paid", "packed"), actor=ACTOR, reason="A trial", restock=restock
        )

    def _refund(self, tx: Session) -> None:
        amount = self._chance.choice([None, 100, 250])
        order_id = self._one(tx, "paid", "packed", "shipped", "delivered")
        orders.request_refund(tx, order_id=order_id, reason="A trial", actor=ACTOR, amount=amount)

    def _receive(self, tx: Session) -> None:
        variant = tx.scalar(text("SELECT id FROM catalog.variants WHERE sku = 'CHAOS-00'"))
        catalog.receive(tx, quantities={variant: self._chance.randint(1, 4)}, actor=ACTOR, reason="A delivery")

    def _ask_return(self, tx: Session) -> None:
        order_id = self._one(tx, "shipped", "delivered")
        rows = tx.execute(text("SELECT id, shipped FROM orders.lines WHERE order_id = :id"), {"id": order_id}).all()
        orders.ask_return(
            tx, order_id=order_id, quantities={row.id: self._chance.randint(0, row.shipped) for row in rows},
            reason="A trial", actor="shopper", now=utcnow(), days=14,
        )  # fmt: skip

    def _answer_return(self, tx: Session) -> None:
        rows = tx.execute(text("SELECT id FROM orders.returns WHERE state = 'requested' LIMIT 20")).all()
        approve = self._chance.random() < 0.8
        orders.decide_return(tx, return_id=self._chance.choice(rows).id, approve=approve, answer="A trial", actor=ACTOR)

    def _take_back(self, tx: Session) -> None:
        rows = tx.execute(
            text(
                "SELECT r.id, l.line_id, l.quantity FROM orders.returns r"
                " JOIN orders.return_lines l ON l.return_id = r.id WHERE r.state = 'approved'"
            )
        ).all()
        chosen = self._chance.choice(rows).id
        lines = {row.line_id: row.quantity for row in rows if row.id == chosen}
        shelf = [line_id for line_id in lines if self._chance.random() < 0.7]
        orders.receive_return(tx, return_id=chosen, received=lines, restock=shelf, refund=True, actor=ACTOR)
