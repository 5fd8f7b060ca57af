"""Staff make products with variants and pictures, put them on sale, change many at once, and arrange the catalogue."""

import re
from html import unescape

from sqlalchemy import text

from domain.catalog import commands, queries
from domain.catalog.commands import Attribute
from domain.shared.db import transaction
from domain.shared.money import Money
from tests.admin.test_products import errors_of, form_of, mug, read, titles  # noqa: F401 - mug is a fixture
from tests.factories.catalog import make_category, make_product

TYPES = (
    Attribute(name="Material", required=True),
    Attribute(name="Capacity", kind="number", unit="ml"),
    Attribute(name="Dishwasher", kind="yes_no"),
    Attribute(name="Glaze", kind="colour"),
)


def ask(sessions, query, **given):
    with sessions() as reading:
        return query(reading, **given)


def problems_of(page):
    block = re.search(r'<div class="problems".*?</div>', page, re.DOTALL)
    return [unescape(found) for found in re.findall(r"<li>(?:<a[^>]*>)?([^<]+)<", block.group(0))] if block else []


def test_a_product_begins_as_a_draft_with_a_variant_for_each_combination(staff, sessions):
    with transaction(sessions) as tx:
        category = make_category(tx)
        make_product(tx, title="Bowl")
    client = staff("catalogue")
    data = {"title": "Bowl", "category_id": str(category), "brand_id": "", "type_id": "", "price": "12.50",
            "sku": "BOWL", "option1": "Glaze", "values1": "Moss, Oat", "option2": "Size",
            "values2": "S; L"}  # fmt: skip

    made = client.post("/products", data=data)

    assert made.status_code == 303
    page = client.get(made.location).text
    assert 'value="bowl-2"' in page
    found = re.findall(r'<span class="sku">([^<]+)</span>', page)
    assert found == ["BOWL-MOSS-S", "BOWL-MOSS-L", "BOWL-OAT-S", "BOWL-OAT-L"]
    again = client.post("/products", data=data)
    assert (again.status_code, "already has this SKU" in again.text) == (422, True)
    product_id = made.location.rpartition("/")[2]
    more = {"option": ["Glaze", "Size"], "values": ["Moss, Oat, Ink", "S, L"], "price": "14", "stem": "BOWL"}
    assert client.post(f"/products/{product_id}/variants", data=more).status_code == 303
    page = client.get(made.location).text
    assert "2 variants made." in page
    assert "BOWL-INK-L" in page
    assert re.findall(r'<input class="option" name="option" value="([^"]*)"', page) == [""]  # room for a third one
    fixed = "The options that its variants have stay as they are. Another one can be added after them."
    unnamed = {"option": ["Glaze", "Size", ""], "values": ["Moss", "S", "Matt"]}
    for change, problem in (
        ({"option": ["Hue", "Size"]}, fixed),
        (unnamed, "Name the option that has the values Matt."),
        ({"price": "lots"}, "Enter an amount such as 12.50."),
        ({"stem": ""}, "Enter how their SKUs begin."),
    ):
        wrong = client.post(f"/products/{product_id}/variants", data=more | change)
        assert (wrong.status_code, problems_of(wrong.text)) == (422, [problem])
        typed = more | change
        for kept in (*typed["values"], typed["price"], typed["stem"]):
            assert f'value="{kept}"' in wrong.text
    assert "BOWL-INK-L" in client.get(made.location).text


def test_attributes_are_asked_for_by_type(staff, sessions, mug):  # noqa: F811
    with transaction(sessions) as tx:
        kind = commands.create_type(tx, name="Mug", attributes=TYPES)
    client = staff("catalogue")
    page = client.get(f"/products/{mug.id}?type={kind}").text
    assert re.findall(r'<label for="attribute-\d">(\w+)', page) == ["Material", "Capacity", "Dishwasher", "Glaze"]
    data = form_of(client, mug) | {"type_id": str(kind), "attribute-0": "Clay", "attribute-1": "1.5",
                                   "attribute-2": "yes", "attribute-3": "Moss #6F8560"}  # fmt: skip

    for change, message in (
        ({"attribute-0": ""}, "Material: products of the type Mug must say this."),
        ({"attribute-1": "much"}, "Capacity: enter a number such as 12 or 12.5."),
        ({"attribute-3": "Moss"}, "Glaze: give the colour as # and six digits, as in #6f8560."),
    ):
        refused = client.post(f"/products/{mug.id}", data=data | change)
        assert (refused.status_code, problems_of(refused.text)) == (422, [message])
    assert read(sessions, mug).attributes == {}
    assert client.post(f"/products/{mug.id}", data=data).status_code == 303
    assert read(sessions, mug).attributes == {
        "Material": "Clay",
        "Capacity": {"number": 1.5, "unit": "ml"},
        "Dishwasher": True,
        "Glaze": {"colour": "#6f8560", "name": "Moss"},
    }
    assert 'value="Moss #6f8560"' in client.get(f"/products/{mug.id}").text


def test_a_page_whose_further_variants_were_refused_still_says_the_attributes_of_the_type(staff, sessions, mug):  # noqa: F811
    with transaction(sessions) as tx:
        kind = commands.create_type(tx, name="Mug", attributes=TYPES)
    client = staff("catalogue")
    said = {"type_id": str(kind), "attribute-0": "Clay", "attribute-2": "no", "attribute-3": "Moss #6f8560"}
    assert client.post(f"/products/{mug.id}", data=form_of(client, mug) | said).status_code == 303
    before = read(sessions, mug).attributes

    refused = client.post(f"/products/{mug.id}/variants", data={"option": "", "values": "", "price": "", "stem": ""})

    assert refused.status_code == 422
    assert "This type has no attributes" not in refused.text
    shown = form_of(client, mug, refused.text)
    assert {name: shown[name] for name in said} == said
    assert client.post(f"/products/{mug.id}", data=shown).status_code == 303
    assert read(sessions, mug).attributes == before
    assert before["Material"] == "Clay"


def test_free_attributes_are_lines(staff, sessions, mug):  # noqa: F811
    client = staff("catalogue")
    data = form_of(client, mug)

    refused = client.post(f"/products/{mug.id}", data=data | {"attributes": "Oak"})

    assert (refused.status_code, len(errors_of(refused.text))) == (422, 1)
    saved = client.post(
        f"/products/{mug.id}", data=data | {"attributes": "Material: Oak\r\n\r\nMade in: Cork, Ireland"}
    )
    assert saved.status_code == 303
    assert read(sessions, mug).attributes == {"Material": "Oak", "Made in": "Cork, Ireland"}


def test_a_sale_is_set_on_the_shops_clock_and_ended(staff, sessions, mug):  # noqa: F811
    client, page = staff("catalogue"), f"/products/{mug.id}/sale"
    green, blue = mug.variant_ids
    data = {
        "starts_at": "2026-07-01T09:00",
        "ends_at": "2026-07-08T09:00",
        f"price-{green}": "9.90",
        f"price-{blue}": "",
        f"seen-{green}": "||",
        f"seen-{blue}": "||",
    }

    assert client.post(page, data=data).status_code == 303

    stale = client.post(page, data=data | {f"price-{green}": "8.00"})
    assert (stale.status_code, "<del>8.00, 2026" in stale.text, "<ins>9.90, 2026" in stale.text) == (409, True, True)
    data[f"seen-{green}"] = re.search(rf'name="seen-{green}" value="([^"]+)"', client.get(page).text).group(1)
    variant = read(sessions, mug).variants[0]
    assert (variant.sale_price.amount, variant.sale_starts_at.isoformat()) == (990, "2026-07-01T08:00:00+00:00")
    assert 'value="9.90"' in client.get(page).text
    for change, message in (
        ({f"price-{green}": "12.50"}, "Enter a sale price that is below the price."),
        ({"ends_at": "2026-07-01T09:00"}, "Let the sale end after it starts."),
        ({f"price-{green}": "abc"}, "Green: Enter an amount such as 12.50."),
    ):
        refused = client.post(page, data=data | change)
        assert (refused.status_code, problems_of(refused.text)) == (422, [message])
    assert read(sessions, mug).variants[0] == variant
    assert client.post(page, data=data | {f"price-{green}": ""}).status_code == 303
    assert read(sessions, mug).variants[0].sale_price is None


def test_a_variant_is_described(staff, sessions, mug):  # noqa: F811
    client, page = staff("catalogue"), f"/products/{mug.id}/variants/{mug.variant_id}"
    data = {"sku": "GREEN", "barcode": "4006381333931", "weight_grams": "350", "cost": "4.20", "picture_id": "",
            "colours": "#6F8560", "measure_amount": "0,4", "measure_unit": "kg", "measure_base": "1"}  # fmt: skip
    data["version"] = re.search(r'name="version" value="([^"]+)"', client.get(page).text).group(1)

    assert client.post(page, data=data).status_code == 303
    with sessions() as session:
        shown = queries.product_page(session, mug.slug, "EUR").variants[0].unit_price
    assert shown == (Money(3125, "EUR"), "1 kg")

    stale = client.post(page, data=data | {"sku": "MINE"})
    assert (stale.status_code, "<del>MINE</del> yours" in stale.text) == (409, True)
    data["version"] = re.search(r'name="version" value="([^"]+)"', client.get(page).text).group(1)

    variant = read(sessions, mug).variants[0]
    assert (variant.sku, variant.barcode, variant.weight_grams, variant.cost.amount) == (
        "GREEN",
        "4006381333931",
        350,
        420,
    )
    for change in (
        {"sku": "MUG-B"},
        {"sku": ""},
        {"barcode": "12"},
        {"weight_grams": "-1"},
        {"colours": "green"},
        {"measure_base": ""},
        {"measure_unit": ""},
        {"measure_amount": "0"},
        {"measure_amount": "a"},
    ):
        assert client.post(page, data=data | change).status_code == 422, change
    assert read(sessions, mug).variants[0] == variant


def test_a_copy_is_a_draft_without_stock(staff, sessions, mug):  # noqa: F811
    client = staff("catalogue")

    made = client.post(f"/products/{mug.id}/copies")
    page = client.get(made.location).text

    assert ("Mug (copy)" in page, "MUG-G-COPY-1" in page, 'value="mug-copy-1"' in page) == (True, True, True)
    assert client.post(f"/products/{mug.id}/copies").status_code == 303
    with sessions() as reading:
        rows = reading.execute(
            text("SELECT p.slug, p.status, sum(s.on_hand) FROM catalog.products p JOIN catalog.variants v"
                 " ON v.product_id = p.id JOIN catalog.stock s ON s.variant_id = v.id GROUP BY p.id ORDER BY p.id")
        ).all()  # fmt: skip
    assert [tuple(row) for row in rows] == [
        ("mug", "published", 10),
        ("mug-copy-1", "draft", 0),
        ("mug-copy-2", "draft", 0),
    ]


def test_many_are_changed_after_a_look(staff, sessions, mug):  # noqa: F811
    with transaction(sessions) as tx:
        cup = make_product(tx, title="Cup", price=999)
        other = make_category(tx, "garden")
    client, ids = staff("catalogue"), [str(mug.id), str(cup.id)]

    def look(**change):
        return client.get("/products/bulk", query_string={"id": ids, **change}).text

    def stamp_of(page):
        return re.search(r'name="stamp" value="([^"]+)"', page).group(1)

    page = look(action="price", percent="-10")
    assert "€11.25" in page
    assert "€8.99" in page, "8.991 rounded"
    before = read(sessions, mug)
    data = {"id": ids, "action": "price", "percent": "-10", "stamp": stamp_of(page)}
    with transaction(sessions) as tx:
        commands.set_price(tx, variant_id=cup.variant_id, price=500, compare_at=None)
    stale = client.post("/products/bulk", data=data)
    assert (stale.status_code, "Somebody else changed this selection" in stale.text) == (409, True)
    assert read(sessions, mug) == before
    assert (
        client.post("/products/bulk", data=data | {"stamp": stamp_of(look(action="price", percent="-10"))}).status_code
        == 303
    )
    assert [v.price.amount for v in read(sessions, mug).variants] == [1125, 1125]
    assert read(sessions, cup).variants[0].price.amount == 450

    for change, after in (
        ({"action": "move", "category_id": str(other)}, "garden"),
        ({"action": "archive"}, "archived"),
    ):
        page = look(**change)
        assert client.post("/products/bulk", data={"id": ids, "stamp": stamp_of(page), **change}).status_code == 303
        assert after in (read(sessions, cup).category_path, read(sessions, cup).status)
    assert "It is archived already." in look(action="archive")
    assert client.get("/products/bulk").status_code == 303
    wrong = look(action="price", percent="many")
    assert problems_of(wrong) == ["Enter a percentage between -90 and 1000, such as 5 for dearer or -10 for cheaper."]
    assert '<a href="#percent">' in wrong
    assert errors_of(wrong) == problems_of(wrong)
    assert re.search(
        r'id="percent-error".*?<input id="percent"[^>]*aria-describedby="percent-hint percent-error"', wrong, re.S
    )
    nowhere = look(action="move")
    assert (len(problems_of(nowhere)), errors_of(nowhere)) == (1, problems_of(nowhere))
    assert (
        '<select id="category_id" name="category_id" aria-describedby="category_id-error" aria-invalid="true">'
        in nowhere
    )
    assert errors_of(look(action="price", percent="-10")) == []


def test_a_look_up_finds_what_is_shown_beside_a_product(staff, sessions, mug):  # noqa: F811
    with transaction(sessions) as tx:
        cup = make_product(tx, title="Cup & saucer", sku="CUP-7")
    client, page = staff("catalogue"), f"/products/{mug.id}/related"

    assert f'value="{cup.id}"' in client.get(f"{page}?q=up-7").text
    assert client.post(page, data={"add": str(cup.id)}).status_code == 303

    assert "Cup &amp; saucer" in client.get(page).text
    assert client.post(page, data={"add": "x"}).status_code == 422
    assert client.post(page, data={"off": str(cup.id)}).status_code == 303
    assert ask(sessions, queries.related_choices, product_id=mug.id) == ()
