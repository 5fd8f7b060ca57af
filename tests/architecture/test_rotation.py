"""The page of operations says of each secret how it is changed, and of each what is no longer good then."""

import re

from domain.shared.settings import ROOT, Settings

SECRETS = (ROOT / "infra" / "secrets.tf").read_text()
WITH_PASSWORDS = {"SHOP_DATABASE_URL", "SHOP_DATABASE_REPLICA_URL", "SHOP_REDIS_URL"}
"""Addresses that hold a password."""


def rows() -> dict[str, list[str]]:
    """Return the table of secrets: the cells of each row by its first."""
    page = (ROOT / "docs" / "operations.md").read_text().split("## Secrets", 1)[1].split("\n## ", 1)[0]
    found = re.findall(r"^\| `(SHOP_\w+)` \| (.+) \|$", page, re.MULTILINE)
    return {name: cells.split(" | ") for name, cells in found}


def test_each_secret_has_its_row() -> None:
    secret = {
        f"SHOP_{name.upper()}" for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)
    }

    assert rows().keys() == secret | WITH_PASSWORDS


def test_each_row_says_how_what_starts_anew_and_what_is_no_longer_good() -> None:
    assert [name for name, cells in rows().items() if len(cells) != 4 or not all(cells)] == []


def test_who_reads_a_secret_starts_anew_with_it() -> None:
    written = SECRETS.split("readers = {", 1)[1].split("}", 1)[0]
    readers = {name: re.findall(r'"(\w+)"', parts) for name, parts in re.findall(r"(SHOP_\w+) += \[(.+)\]", written)}
    others = re.findall(r'"(\w+)"', SECRETS.split("handle_orders = ", 1)[1].split("\n", 1)[0])

    told = {name: cells[2].split(", ") for name, cells in rows().items()}

    assert told == {name: [part for part in readers.get(name, others) if part != "migrate"] for name in told}


def test_what_terraform_makes_is_changed_by_its_own_name() -> None:
    made = set(re.findall(r'resource "random_password" "(\w+)"', SECRETS))
    told = set(re.findall(r"-replace=random_password\.(\w+)", " ".join(" ".join(cells) for cells in rows().values())))

    assert told == made
