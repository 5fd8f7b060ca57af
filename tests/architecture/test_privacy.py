"""The data map knows every table that can name a person."""

import re
from pathlib import Path

from domain import schema

PAGE = Path(__file__).resolve().parents[2] / "docs" / "privacy.md"
PERSONAL = re.compile(
    r"email|phone|password|address|recipient|customer|shopper_id|staff_id|staff_name|actor|totp|place$|browser$|payload|context"
)
NOT_A_PERSON = {"orders.zone_places", "promotions.kept_uses", "promotions.promotions", "promotions.use_changes"}
"""Tables whose columns only sound as if."""


def personal_tables() -> set[str]:
    tables = schema.metadata.tables.values()
    found = {table.fullname for table in tables if any(PERSONAL.search(column.name) for column in table.columns)}
    return found - NOT_A_PERSON


def test_every_table_with_personal_columns_is_on_the_page() -> None:
    named = set(re.findall(r"`([a-z]+\.[a-z_]+)`", PAGE.read_text()))

    assert "orders.orders" in personal_tables()
    assert sorted(personal_tables() - named) == []


def test_the_page_names_no_table_that_is_gone() -> None:
    named = set(re.findall(r"`([a-z]+\.[a-z_]+)`", PAGE.read_text()))

    assert sorted(named - set(schema.metadata.tables)) == []
