"""Which webhooks are emptied for whom."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.payments.commands import keep_webhook
from domain.payments.forget import forget_payers, mentions
from domain.payments.models import GatewayEvent

PAYLOADS: dict[str, dict[str, Any]] = {
    "deep": {"data": {"object": {"billing": [{"email": "Aoife.O+shop@Example.com"}], "name": "Aoife"}}},
    "in a text": {"note": 'Receipt for "aoife.o+shop@example.com", thanks.'},
    "another's": {"data": {"email": "xaoife.o+shop@example.com"}},
    "nobody's": {"amount": 100},
    "in a script": {"email": "ærø@øl.example"},
}


@pytest.fixture
def kept(session: Session) -> Session:
    for event_id, payload in PAYLOADS.items():
        assert keep_webhook(session, gateway="demo", event_id=event_id, payload=payload)
    return session


def emptied(session: Session) -> set[str]:
    return set(session.scalars(select(GatewayEvent.event_id).where(GatewayEvent.payload == {})))


@pytest.mark.parametrize(
    ("emails", "gone"),
    [
        (["AOIFE.O+shop@example.com"], {"deep", "in a text"}),
        (["ærø@øl.example", "xaoife.o+shop@example.com"], {"in a script", "another's"}),
        (["o+shop@example.com", "%@%"], set()),
        ([], set()),
    ],
)
def test_a_webhook_is_emptied_when_it_names_an_address_to_be_forgotten(
    kept: Session, emails: list[str], gone: set[str]
) -> None:
    forget_payers(kept, emails)

    assert emptied(kept) == gone
    assert all(not keep_webhook(kept, gateway="demo", event_id=event_id, payload={}) for event_id in PAYLOADS)


def test_what_is_noted_of_an_address_does_not_tell_it() -> None:
    assert mentions(PAYLOADS["nobody's"]) == []
    assert not any("aoife" in noted for noted in mentions(PAYLOADS["deep"]))
