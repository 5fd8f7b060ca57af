"""How well the search answers judged queries on real goods, as typed and with one slip in each; see docs/search.md."""

import random
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.catalog.queries import ListingRequest, listing
from tests.search import icecat
from tests.search.quality import DEPTH, ndcg, with_typo

SEEDS = (0, 1, 2)
"""Each makes other slips; the mean over all of them counts."""
PAGES = 8
"""How far a query is paged through for ten answers that were judged."""


@pytest.fixture
def place(session: Session) -> Path:
    found = icecat.data()
    if found is None:
        pytest.skip("The data are not beside the repository: put them there, or name them in SHOP_TEST_DATA")
    icecat.ship_synonyms(session)
    icecat.load_products(session, found)
    session.execute(text("ANALYZE catalog.listings, catalog.words"))
    return found


def answers(session: Session, query: str, judged: Iterable[str]) -> list[str]:
    found: list[str] = []
    for page in range(1, PAGES + 1):
        asked = ListingRequest(q=query, page=page, per_page=96)
        shown = listing(session, asked, "EUR")
        found += [card.slug.removeprefix(icecat.SLUG) for card in shown.cards]
        if page >= shown.pages or len(set(found) & set(judged)) >= DEPTH:
            break
    return found


def measure(session: Session, asked: dict[str, str], place: Path) -> tuple[float, float, list[str]]:
    """Return nDCG over the judged answers, over all of them, and the queries that found nothing."""
    judged = icecat.judgments(place)
    found = {query: answers(session, typed, judged[query]) for query, typed in asked.items()}
    scores = [
        (ndcg(found[query], judged[query], judged_only=True), ndcg(found[query], judged[query], judged_only=False))
        for query in asked
    ]
    told = [(of_judged, of_all) for of_judged, of_all in scores if of_judged is not None and of_all is not None]
    empty = [typed for query, typed in asked.items() if not found[query]]
    return sum(pair[0] for pair in told) / len(told), sum(pair[1] for pair in told) / len(told), empty


def test_judged_queries_are_answered_well_even_misspelt(
    session: Session, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queries = list(icecat.judgments(place))

    of_judged, of_all, empty = measure(session, {query: query for query in queries}, place)
    slips = []
    for seed in SEEDS:
        chance = random.Random(seed)  # noqa: S311 - it makes slips, it keeps no secret
        slips.append(measure(session, {query: with_typo(query, chance) for query in queries}, place))
    misspelt = sum(one[0] for one in slips) / len(slips)
    misspelt_all = sum(one[1] for one in slips) / len(slips)
    with capsys.disabled():
        print(f"\n{len(queries)} judged queries: nDCG@10 {of_judged:.3f} ({of_all:.3f} over all), {len(empty)} empty")
        print(f"with one slip in each: {misspelt:.3f} ({misspelt_all:.3f} over all), "
              f"{max(len(one[2]) for one in slips)} empty at most")  # fmt: skip

    assert of_judged >= 0.80
    assert misspelt >= 0.76
    assert len(empty) <= 2
    assert max(len(one[2]) for one in slips) <= 2
