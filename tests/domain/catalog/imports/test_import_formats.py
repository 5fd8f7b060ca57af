"""Each format by its own names: what becomes a product, a variant, a picture, and what is said of the rest."""

from datetime import UTC, datetime

from domain.catalog.imports.draft import DraftProduct
from tests.domain.catalog.imports.conftest import drafts_of, said


def one(data: str) -> DraftProduct:
    [draft], notes = drafts_of(data)
    assert draft is not None, notes
    return draft


SHOPIFY_OLD = """Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,\
Option2 Value,\
Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,\
Variant Compare At Price,Variant Barcode,Image Src,Image Position,Image Alt Text,Variant Image,SEO Title,Status
mug,Harbour mug,"<p>For tea.</p>",Hearth,Mugs,"blue, sea",TRUE,Colour,Blue,Size,L,M-BL,350,shopify,4,deny,12.50,15.00,\
4006381333931,https://x.test/2.jpg,2,Two,https://x.test/b.jpg,Mug of the sea,active
mug,,,,,,,,Red,,S,M-RS,300,,,continue,11,,,https://x.test/1.jpg,1,One,,,
mug,,,,,,,,,,,,,,,,,,,https://x.test/3.jpg,3,,,,
"""
SHOPIFY_NEW = """Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,SKU,\
Barcode,Option1 name,Option1 value,Price,Compare-at price,Cost per item,Inventory tracker,Inventory quantity,\
Continue selling when out of stock,Weight value (grams),Product image URL,Image position,Image alt text,\
Variant image URL,\
Gift card,SEO title,Material (product.metafields.custom.material),Price / Europe
Plain bowl,bowl,A bowl.,Hearth,Home > Kitchen > Bowls,Bowls,,FALSE,active,B-1,,Title,Default Title,20,,8.5,shopify,\
7,TRUE,800,\
,,,,FALSE,,Clay,21
"""


def test_shopify_by_its_old_names() -> None:
    mug = one(SHOPIFY_OLD)
    assert (mug.slug, mug.by_slug, mug.title, mug.description) == ("mug", True, "Harbour mug", "For tea.")
    assert (mug.brand, mug.category, mug.tags, mug.status) == ("Hearth", ("Mugs",), ("blue", "sea"), "published")
    assert (mug.options, mug.seo_title) == (("Colour", "Size"), "Mug of the sea")
    blue, red = mug.variants
    assert (blue.sku, blue.option_values, blue.price, blue.compare_at) == ("M-BL", ("Blue", "L"), 1250, 1500)
    assert (blue.grams, blue.stock, blue.sell_when_out, blue.barcode) == (350, 4, False, "4006381333931")
    assert (red.sku, red.price, red.stock, red.sell_when_out) == ("M-RS", 1100, None, True), "nobody counts it"
    assert [(picture.url[15:], picture.alt) for picture in mug.pictures] == [
        ("1.jpg", "One"), ("2.jpg", "Two"), ("3.jpg", ""), ("b.jpg", ""),
    ]  # fmt: skip
    assert blue.picture == "https://x.test/b.jpg"


def test_shopify_by_its_present_names() -> None:
    bowl = one(SHOPIFY_NEW)
    assert (bowl.title, bowl.slug, bowl.status, bowl.options) == ("Plain bowl", "bowl", "draft", ())
    assert bowl.category == ("Home", "Kitchen", "Bowls")
    assert bowl.attributes == {"Material": "Clay"}
    [only] = bowl.variants
    assert (only.price, only.cost, only.stock, only.sell_when_out, only.grams) == (2000, 850, 7, True, 800)


def test_shopify_without_skus_gets_the_same_ones_each_time() -> None:
    data = "Handle,Title,Option1 Name,Option1 Value,Variant Price\ncup,Cup,Colour,Deep blue,5\ncup,,,Red,1.234\n"
    [cup], notes = drafts_of(data)
    assert cup is not None
    assert [variant.sku for variant in cup.variants] == ["cup-deep-blue", "cup-red"]
    assert said(notes) == [
        (2, "said", "sku", "There is no SKU; it gets cup-deep-blue."),
        (3, "said", "sku", "There is no SKU; it gets cup-red."),
        (3, "refused", "variant price", "“1.234” can be read in two ways."),
    ]


WOO = """ID,Type,SKU,Name,Published,"Is featured?","Short description",Description,"Date sale price starts",\
"Date sale price ends",\
"Tax class","In stock?",Stock,"Low stock amount","Backorders allowed?","Weight (kg)","Sale price",\
"Regular price",Categories,Tags,Images,Parent,Brands,"Attribute 1 name","Attribute 1 value(s)","Attribute 2 name",\
"Attribute 2 value(s)"
12,variation,TEE-R,"Tee - Red",1,0,,,2026-07-01,2026-07-31,,1,3,1,0,0.2,10,12.50,,,https://x.test/r.jpg,id:11,,\
Colour,Red,,
13,variation,TEE-B,"Tee - Blue",1,0,,,,,,1,,,notify,,,12.50,,,,TEE,,colour,Blue,,
11,variable,TEE,Tee,1,1,<p>Soft.</p>,"Cotton\\nand air",,,,1,,,0,0.25,,,"Clothes > Tees, Sale",summer,\
"https://x.test/1.jpg, https://x.test/2.jpg",,"Weft, Other",Colour,"Red, Blue",Material,Cotton
14,"simple, virtual",,Card,-1,0,,,,,,1,,,0,,,5,Cards,,,,,,,,
15,external,EXT,Elsewhere,1,0,,,,,,1,,,0,,,9,,,,,,,,,
16,variation,LOST,Lost,1,0,,,,,,1,1,,0,,,9,,,,,,Colour,Red,,
"""


def test_woocommerce_with_variations_before_their_product() -> None:
    [tee, card, elsewhere, lost], notes = drafts_of(WOO)
    assert tee is not None
    assert card is not None
    assert (elsewhere, lost) == (None, None)
    assert (tee.title, tee.summary, tee.description, tee.featured) == ("Tee", "Soft.", "Cotton and air", True)
    assert (tee.category, tee.brand, tee.options) == (("Clothes", "Tees"), "Weft", ("Colour",))
    assert (tee.attributes, tee.tags) == ({"Material": "Cotton"}, ("summer",))
    red, blue = tee.variants
    start, end = datetime(2026, 6, 30, 23, tzinfo=UTC), datetime(2026, 7, 31, 23, tzinfo=UTC)
    assert (red.sku, red.option_values, red.price, red.sale) == ("TEE-R", ("Red",), 1250, (1000, start, end))
    assert (red.stock, red.low_at, red.sell_when_out, red.grams) == (3, 1, False, 200)
    assert (blue.sku, blue.option_values, blue.sell_when_out, blue.grams) == ("TEE-B", ("Blue",), True, 250)
    assert [picture.url[15:] for picture in tee.pictures] == ["1.jpg", "2.jpg", "r.jpg"]
    assert (card.status, card.variants[0].sku, card.variants[0].price) == ("draft", "woo-14", 500)
    assert [entry for entry in said(notes) if entry[1] == "refused"] == [
        (6, "refused", "type", "An external product is sold somewhere else."),
        (7, "refused", "parent", "This variation does not say which product it is of."),
    ]


GOOGLE_TSV = """id\ttitle\tdescription\tlink\timage_link\tadditional_image_link\tprice\tsale_price\t\
sale_price_effective_date\t\
availability\tbrand\tgtin\tcolor\tsize\tproduct_type\titem_group_id\tshipping_weight\tcondition
S-1\tRed shirt, S\t<b>Nice</b>\thttps://x.test/p/shirt?c=1\thttps://x.test/1.jpg\thttps://x.test/2.jpg,\
https://x.test/3.jpg\t\
25.00 EUR\t20.00 EUR\t2026-07-01T00:00+0100/2026-07-08T00:00+0100\tin_stock\tWeft\t4006381333931\tRed\tS\t\
Clothes > Shirts\tG1\t\
0.3 kg\tnew
S-2\tRed shirt, M\t\thttps://x.test/p/shirt?c=2\thttps://x.test/1.jpg\t\t25.00 EUR\t\t\tout_of_stock\tWeft\t\tRed\t\
M\t\tG1\t\tnew
"""


def test_google_as_a_table() -> None:
    shirt = one(GOOGLE_TSV)
    assert (shirt.title, shirt.slug, shirt.description, shirt.options) == ("Red shirt", "shirt", "Nice", ("Size",))
    assert (shirt.category, shirt.attributes) == (("Clothes", "Shirts"), {"Colour": "Red"})
    small, medium = shirt.variants
    window = (datetime(2026, 6, 30, 23, tzinfo=UTC), datetime(2026, 7, 7, 23, tzinfo=UTC))
    assert (small.sku, small.price, small.sale, small.grams) == ("S-1", 2500, (2000, *window), 300)
    assert (small.sell_when_out, medium.sell_when_out) == (True, False)
    assert [picture.url[15:] for picture in shirt.pictures] == ["1.jpg", "2.jpg", "3.jpg"]


def test_google_as_xml_says_the_same() -> None:
    lines = GOOGLE_TSV.strip().split("\n")
    names, rows = lines[0].split("\t"), [line.split("\t") for line in lines[1:]]
    items = "".join(
        "<item>" + "".join(
            f"<g:{name}>{part.replace('<', '&lt;')}</g:{name}>"
            for name, value in zip(names, row, strict=True)
            for part in (value.split(",") if name == "additional_image_link" else [value]) if value
        ) + "</item>\n" for row in rows
    )  # fmt: skip
    feed = f'<?xml version="1.0"?>\n<rss xmlns:g="http://base.google.com/ns/1.0"><channel>\n{items}</channel></rss>'
    table, xml = one(GOOGLE_TSV), one(feed)
    assert (xml.title, xml.options, xml.category) == (table.title, table.options, table.category)
    assert [(v.sku, v.price, v.sale, v.grams) for v in xml.variants] == [
        (v.sku, v.price, v.sale, v.grams) for v in table.variants
    ]
    assert [picture.url for picture in xml.pictures] == [picture.url for picture in table.pictures]


def test_our_own_lines_that_are_none_are_refused_each() -> None:
    drafts, notes = drafts_of('{"slug": "a"}\n{nonsense}\n[1]\n{"slug":"b","currency":"USD"}\n')
    assert drafts == [None, None, None, None]
    assert [(note.line, note.level) for note in notes] == [(line, "refused") for line in (1, 2, 3, 4)]
