"""A shop whose books a test can write into past every command and every constraint."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from cli.audit import audit

GRACE = 60


@dataclass(frozen=True)
class Shop:
    """A shop that has done a bit of everything; each order is known by its number."""

    session: Session
    placed: str
    paid: str
    shipped: str
    refunded: str

    def sql(self, *statements: str, **values: object) -> None:
        """Do to the books what no command does; foreign keys look away."""
        self.session.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            used = {name: value for name, value in values.items() if f":{name}" in statement}
            self.session.execute(text(statement), used)

    def without(self, table: str, *constraints: str) -> None:
        """Take away the constraints that would refuse it; the test's transaction brings them back."""
        for name in constraints:
            self.session.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))

    def order(self, number: str, changes: str) -> None:
        """Write into an order."""
        self.sql(f"UPDATE orders.orders SET {changes} WHERE number = :number", number=number)  # noqa: S608

    def payment(self, number: str, changes: str) -> None:
        """Write into the payment of an order."""
        self.sql(
            f"UPDATE payments.payments p SET {changes} FROM orders.orders o"  # noqa: S608
            " WHERE o.id = p.order_id AND o.number = :number",
            number=number,
        )

    def state(self, number: str) -> str:
        """Return the state an order is in."""
        found = self.session.scalars(text("SELECT state FROM orders.orders WHERE number = :number"), {"number": number})
        return str(found.one())

    def violations(self) -> dict[str, list[tuple[str, str]]]:
        """Audit the books as they are inside this transaction."""
        self.session.flush()
        found = audit(self.session.connection(), grace=GRACE)
        return {promise: rows for promise, rows in found.items() if rows}
