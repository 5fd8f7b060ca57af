"""How visits become orders, accounts and opinions."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.analytics.counted import CARTS
from domain.analytics.cover import PARTS, cover
from domain.analytics.periods import Period
from domain.reviews.queries import stars_given

CONTENT = 4
"""The score from which a shopper counts as content."""


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """How many came, and how far they came. Carts are counted on the day they were opened, whenever they were ordered.

    Visitors are browsers by the day that run scripts and did not ask to be left out, so they are fewer than came.
    """

    visitors: int
    saw_product: int
    carts: int
    checkouts: int
    ordered: int
    paid: int
    accounts: int

    @property
    def abandonment(self) -> float | None:
        """The share of carts that no order was made of, of 1; None without a cart."""
        return 1 - self.ordered / self.carts if self.carts else None

    @property
    def completion(self) -> float | None:
        """The share of begun checkouts that led to a paid order, of 1; None without one."""
        return self.paid / self.checkouts if self.checkouts else None

    @property
    def conversion(self) -> float | None:
        """The share of visitors whose cart became a paid order, of 1; None without a visitor."""
        return min(self.paid / self.visitors, 1.0) if self.visitors else None

    @property
    def registration(self) -> float | None:
        """The share of visitors who opened an account, of 1; None without a visitor."""
        return min(self.accounts / self.visitors, 1.0) if self.visitors else None

    @property
    def steps(self) -> tuple[tuple[str, int], ...]:
        """The steps in words, from the visit to the payment."""
        return (
            ("Visited the shop", self.visitors),
            ("Saw a product", self.saw_product),
            ("Put something in the cart", self.carts),
            ("Began to check out", self.checkouts),
            ("Placed an order", self.ordered),
            ("Paid", self.paid),
        )


@dataclass(frozen=True, kw_only=True)
class Opinions:
    """How content shoppers said they were, of an order or of a product: how many gave each score, 5 first."""

    scores: tuple[tuple[int, int], ...]

    @property
    def answers(self) -> int:
        """How many answered."""
        return sum(count for _, count in self.scores)

    @property
    def average(self) -> float | None:
        """The average score; None without an answer."""
        return sum(score * count for score, count in self.scores) / self.answers if self.answers else None

    @property
    def content(self) -> float | None:
        """The share of those who are content or very content, of 1; None without an answer."""
        content = sum(count for score, count in self.scores if score >= CONTENT)
        return content / self.answers if self.answers else None


_FUNNEL = text(
    f"""
    SELECT
        (SELECT count(*) FROM analytics.visits WHERE day BETWEEN :first AND :last)
            + (SELECT coalesce(sum(visitors), 0) FROM analytics.visit_days WHERE day BETWEEN :first AND :last)
            AS visitors,
        (SELECT count(*) FROM analytics.visits WHERE day BETWEEN :first AND :last AND product)
            + (SELECT coalesce(sum(saw_product), 0) FROM analytics.visit_days WHERE day BETWEEN :first AND :last)
            AS saw_product,
        carts.*, (SELECT count(*) FROM analytics.account_facts WHERE verified_at >= :since AND verified_at < :until)
            AS accounts
    FROM (
        SELECT coalesce(sum(carts), 0) AS carts, coalesce(sum(checkouts), 0) AS checkouts,
            coalesce(sum(ordered), 0) AS ordered, coalesce(sum(paid), 0) AS paid
        FROM (
            SELECT carts, checkouts, ordered, paid FROM analytics.kept_carts
            JOIN {PARTS} USING (size, first)
            UNION ALL SELECT carts, checkouts, ordered, paid FROM ({CARTS}) counted
        ) parts
    ) carts
    """  # noqa: S608 - the parts are constants
)
_OPINIONS = text(
    """
    SELECT score, count(*) FROM analytics.opinion_facts WHERE answered_at >= :since AND answered_at < :until
    GROUP BY score
    """
)


def funnel(session: Session, span: Period) -> Funnel:
    """Count how far those came who came in a span of days. Two SELECTs."""
    bounds = {"first": span.first, "last": span.last, "since": span.since, "until": span.until}
    row = session.execute(_FUNNEL, bounds | cover(session, span).values).one()
    return Funnel(**{name: int(value) for name, value in row._mapping.items()})


def opinions(session: Session, span: Period) -> Opinions:
    """Count the answers that were given in a span of days by their score. One SELECT."""
    rows = session.execute(_OPINIONS, {"since": span.since, "until": span.until})
    return _opinions({row[0]: row[1] for row in rows})


def reviews(session: Session, span: Period) -> Opinions:
    """Count the published reviews that were written in a span of days by their stars. One SELECT."""
    return _opinions(stars_given(session, since=span.since, until=span.until))


def _opinions(given: Mapping[int, int]) -> Opinions:
    return Opinions(scores=tuple((score, given.get(score, 0)) for score in (5, 4, 3, 2, 1)))
