"""Nothing that a file says is run by the spreadsheet that opens it, and what was guarded is read as it was."""

import pytest

from admin.reports import as_number
from domain.shared.spreadsheet import safe_cell, unguarded

FORMULAS = ["=1+1", "+1", "-1", "@a", "\tx", "\rx", "\n=x", "＝1+1", "＋1", "－1", "＠a"]


@pytest.mark.parametrize("value", FORMULAS)
def test_no_cell_is_a_formula(value):
    assert safe_cell(value) == f"'{value}"
    assert as_number(value) == f"'{value}"
    assert unguarded(f"'{value}") == value


@pytest.mark.parametrize("value", ["Ada", "", "1 + 1", "'t Hooft", -3, 12])
def test_everything_else_stays_as_it_is(value):
    assert safe_cell(value) == value
    assert unguarded(str(value)) == str(value)
