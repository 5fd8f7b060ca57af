"""docs/admin.md: every list of the admin, and what it can do."""

HEAD = """# The lists of the admin

Generated from `admin/lists.py` by `./shop docs`; do not edit by hand.

All lists keep the same rules. What narrows and sorts a list stands in its address, so a page can be kept, sent to a
colleague and reloaded, with JavaScript and without. A long one shows 50 rows and goes on behind the last of them by
key: rows that are equal in what the list is sorted by are neither left out nor shown twice, and nothing counts the
whole. A page costs the same few statements however long the list is ([tests](../tests/admin/test_lists.py)).

A new order of a list is one `Sorting` ([lists.py](../domain/shared/lists.py)): its words, its columns, and from which
end. It needs an index that begins with what narrows the list. A file is one `Sheet` and one `Kind`
([import and export](import-export.md#lists-as-files)). What is done to many rows is one `Deed` of a `Many`
([many.py](../admin/many.py)): the ticked rows are shown with what happens to each, and on a second press it happens to
all of those shown or to none. If one of them was changed meanwhile, nothing is done and the page says which. The log
says who did it, to how many, and which rows changed. Failed jobs lie in Redis, which takes nothing back: of those,
whatever is unchanged is run again or dropped, and the page says how many were left.
"""


def admin_lists() -> str:
    """Write a table of the lists, and below it why some of them lack something."""
    from admin.lists import LISTS
    from admin.views.exports import KINDS

    lines = [
        HEAD, "| list | how long it gets | pages | search | narrowed by | orders | as CSV | to many at once |",
        "|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for one in LISTS:
        kind = KINDS.get(one.file)
        cells = (
            one.title, one.length, "by key" if one.paged else "one", one.search, one.narrowed,
            ", ".join(label[0].lower() + label[1:] for label in one.sorts.values()),
            f"`{kind.permission}`" if kind else "", ", ".join(label.lower() for label in one.deeds),
        )  # fmt: skip
        lines.append(f"| {' | '.join(cell or '–' for cell in cells)} |")
    lines += [
        "",
        "*As CSV* names the permission that taking the list along needs.",
        "",
        "## Why something is missing",
        "",
    ]
    lines += [f"- **{one.title}**: {one.why}" for one in LISTS if one.why]
    return "\n".join(lines) + "\n"
