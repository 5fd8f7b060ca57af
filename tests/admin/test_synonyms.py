"""Words that staff say mean the same find the same products at once."""

import pytest
from sqlalchemy import text

from domain.catalog.queries import ListingRequest, listing, synonym_list
from domain.shared.db import transaction
from tests.admin.conftest import send
from tests.factories.catalog import make_product


def titles(sessions, q: str) -> list[str]:
    with sessions() as session:
        return [card.title for card in listing(session, ListingRequest(q=q), "EUR").cards]


@pytest.fixture
def goods(sessions):
    with transaction(sessions) as tx:
        tx.execute(text("DELETE FROM catalog.synonyms"))  # those that every shop begins with
        make_product(tx, title="Oak settee", category="living")
        make_product(tx, title="Home cinema system", category="living")


def test_a_row_works_from_the_next_search_on_until_it_is_taken_away(staff, sessions, goods):
    client = staff("catalogue")
    assert titles(sessions, "sofa") == []

    answer = client.post("/synonyms", data={"terms": "Sofa, settee,  couch "})

    assert (answer.status_code, answer.location) == (303, "/synonyms")
    assert titles(sessions, "sofas") == ["Oak settee"]
    assert titles(sessions, "oak couch") == ["Oak settee"]
    with sessions() as session:
        (row,) = synonym_list(session)
        assert (row.terms, row.one_way) == (("sofa", "settee", "couch"), False)
        entries = session.scalars(text("SELECT action FROM shared.audit_entries ORDER BY created_at")).all()
        assert "synonyms.create" in entries
    assert "sofa, settee, couch" in client.get("/synonyms").text

    send(client, f"/synonyms/{row.id}", {"terms": "couch, settee"})
    assert titles(sessions, "sofa") == []
    assert titles(sessions, "couch") == ["Oak settee"]
    assert 'value="couch, settee"' in client.get(f"/synonyms/{row.id}").text

    assert send(client, f"/synonyms/{row.id}/removal", {}, f"/synonyms/{row.id}").status_code == 303
    assert titles(sessions, "couch") == []
    assert client.get(f"/synonyms/{row.id}").status_code == 404


def test_terms_of_several_words_and_one_way(staff, sessions, goods):
    staff("owner").post("/synonyms", data={"terms": "surround sound, home cinema, settee", "one_way": "y"})

    assert sorted(titles(sessions, "surround sounds")) == ["Home cinema system", "Oak settee"]
    assert titles(sessions, "home cinema") == ["Home cinema system"]
    assert titles(sessions, "settee") == ["Oak settee"]


@pytest.mark.parametrize(
    "terms", ["", "sofa", "sofa, sofas", ",,", "the, sofa", ", ".join(f"word{i}" for i in range(21))]
)
def test_what_says_nothing_is_refused_and_nothing_kept(staff, sessions, goods, terms):
    answer = staff("catalogue").post("/synonyms", data={"terms": terms})

    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    with sessions() as session:
        assert synonym_list(session) == ()


def test_only_who_may_change_products_may_change_words(staff):
    assert staff("orders").get("/synonyms").status_code == 403
    assert staff("analyst").post("/synonyms", data={"terms": "a, b"}).status_code == 403
