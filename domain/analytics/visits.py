"""Counting who comes and what is searched for, without knowing anybody: no cookie, no address, no name.

A browser's own script says that a page was seen. Its address and its name for itself are hashed with a secret of the
day, so that a second page is not a second visitor; the secret and the hashes are deleted once the day has been counted.
After that nothing is left but two numbers for each day. A browser without scripts, or one that asks not to be counted
(Global Privacy Control), is not counted; what it puts in a cart and orders is.
"""

import secrets
from datetime import date, timedelta

from sqlalchemy import bindparam, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.analytics.models import SearchFact, Visit, VisitDay, VisitSalt

MOST_WORDS = 2000
"""How many different searches of one day are kept; a machine that invents words fills no table."""
LONGEST_WORDS = 80
KEEP_SEARCHES = timedelta(days=400)
OPEN_DAYS = 2
"""How many days, today among them, are still counted browser by browser: a page may be seen across midnight."""

# The first visitor of a day draws the day's secret. Of two who do so at once the second waits for the first, and then
# uses what stands there.
_SALT = text(
    """
    INSERT INTO analytics.visit_salts AS kept (day, salt) VALUES (:day, :salt)
    ON CONFLICT (day) DO UPDATE SET salt = kept.salt RETURNING salt
    """
)
_KNOWN_SALT = text("SELECT salt FROM analytics.visit_salts WHERE day = :day")
_SEEN = text(
    """
    INSERT INTO analytics.visits AS seen (day, visitor, product)
    VALUES (:day, sha256(CAST(:salt AS bytea) || convert_to(:browser, 'UTF8')), :product)
    ON CONFLICT (day, visitor) DO UPDATE SET product = true WHERE excluded.product AND NOT seen.product
    """
)
_SEARCHED = text(
    """
    INSERT INTO analytics.search_facts AS known (day, words, searches, empty)
    SELECT CAST(:day AS date), CAST(:words AS text), 1, CAST(:empty AS integer)
    WHERE EXISTS (SELECT FROM analytics.search_facts WHERE day = :day AND words = CAST(:words AS text))
       OR (SELECT count(*) FROM analytics.search_facts WHERE day = :day) < :most
    ON CONFLICT (day, words) DO UPDATE
    SET searches = known.searches + 1, empty = known.empty + CAST(:empty AS integer)
    """
).bindparams(bindparam("most", MOST_WORDS))


def count_visit(session: Session, *, day: date, browser: str, product: bool) -> None:
    """Note that a browser saw a page on a day, and whether it was a product's; `browser` is kept as a hash alone."""
    salt = session.scalar(_KNOWN_SALT, {"day": day})
    if salt is None:
        salt = session.scalar(_SALT, {"day": day, "salt": secrets.token_bytes(32)})
    session.execute(_SEEN, {"day": day, "salt": salt, "browser": browser, "product": product})


def count_search(session: Session, *, day: date, words: str, empty: bool) -> None:
    """Note that something was searched for, and whether nothing was found."""
    folded = " ".join(words.lower().split())[:LONGEST_WORDS]
    if folded:
        session.execute(_SEARCHED, {"day": day, "words": folded, "empty": int(empty)})


def close_days(session: Session, *, today: date) -> int:
    """Turn the browsers of days that are over into two numbers and forget them; returns how many days that were.

    Searches are forgotten after a little more than a year.
    """
    before = today - timedelta(days=OPEN_DAYS - 1)
    counted = (
        select(Visit.day, func.count(), func.count().filter(Visit.product))
        .where(Visit.day < before)
        .group_by(Visit.day)
    )
    statement = insert(VisitDay).from_select(["day", "visitors", "saw_product"], counted)
    closed = session.scalars(
        statement.on_conflict_do_update(
            index_elements=["day"],
            set_={
                "visitors": VisitDay.visitors + statement.excluded.visitors,
                "saw_product": VisitDay.saw_product + statement.excluded.saw_product,
            },
        ).returning(VisitDay.day)
    ).all()
    session.execute(delete(Visit).where(Visit.day < before))
    session.execute(delete(VisitSalt).where(VisitSalt.day < before))
    session.execute(delete(SearchFact).where(SearchFact.day < today - KEEP_SEARCHES))
    return len(closed)
