"""The tabs of the admin on a phone, and what the later of two reads who save the same settings."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import KINDS, AdminOpener, Kind

PHONES = KINDS[:2]
TABBED = (
    "/start",
    "/settings/closing",
    "/settings/legal",
    "/notifications/stopped",
    "/product-types",
    "/products?status=archived",
)


@pytest.mark.parametrize("kind", PHONES, ids=str)
def test_the_present_tab_is_in_view_on_a_phone(open_admin: AdminOpener, kind: Kind) -> None:
    for dark in (False, True):
        admin = open_admin(kind, dark=dark)
        for path in TABBED:
            admin.open(path)
            tabs = admin.page.locator("nav.tabs").first
            present = tabs.locator("[aria-current]")
            expect(present).to_have_count(1)
            box = present.bounding_box()
            assert box, path
            assert box["x"] >= 0, path
            assert box["x"] + box["width"] <= kind.width, path
            last = tabs.get_by_role("link").last.bounding_box()
            assert last, path
            assert last["x"] + last["width"] <= kind.width, path


@pytest.mark.parametrize("kind", [KINDS[1], KINDS[2]], ids=str)
def test_the_later_of_two_sees_both_texts_and_decides(open_admin: AdminOpener, kind: Kind) -> None:
    first, second = open_admin(kind), open_admin(kind)
    for admin in (first, second):
        admin.open("/settings/legal")
    terms = "Terms of sale"
    before = first.page.get_by_label(terms).input_value()
    first.page.get_by_label(terms).fill(f"Theirs, {kind}.")
    first.page.get_by_role("button", name="Save the texts").click()
    expect(first.page.get_by_text("Saved.")).to_be_visible()

    second.page.get_by_label(terms).fill(f"Mine, {kind}.")
    second.page.get_by_role("button", name="Save the texts").click()

    expect(second.page.get_by_role("alert")).to_contain_text("Somebody else changed this page")
    both = second.page.get_by_role("region", name="As it is now")
    expect(both).to_contain_text(re.compile(rf"Mine, {kind}\.\s*yours"))
    expect(both).to_contain_text(re.compile(rf"Theirs, {kind}\.\s*now"))
    expect(second.page.get_by_label(terms)).to_have_value(f"Mine, {kind}.")
    second.sound()
    first.open("/settings/legal")
    expect(first.page.get_by_label(terms)).to_have_value(f"Theirs, {kind}.")

    second.page.get_by_role("button", name="Save the texts").click()
    expect(second.page.get_by_text("Saved.")).to_be_visible()
    first.open("/settings/legal")
    expect(first.page.get_by_label(terms)).to_have_value(f"Mine, {kind}.")

    first.page.get_by_label(terms).fill(before)
    first.page.get_by_role("button", name="Save the texts").click()
    expect(first.page.get_by_text("Saved.")).to_be_visible()
