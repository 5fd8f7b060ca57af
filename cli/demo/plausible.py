"""Plausible products by the hundred thousand, for load work: quick to make and repeatable."""

import random
from collections.abc import Iterator, Sequence

from cli.demo.catalogue import DemoProduct, DemoVariant, ean_check_digit, load
from cli.demo.drawings.paint import PAPER

_SERIES = (
    "Alma", "Arbour", "Bay", "Bramble", "Brook", "Calder", "Cove", "Dale", "Dune", "Elm", "Fell", "Fen", "Firth",
    "Garth", "Glade", "Grove", "Hazel", "Heath", "Inlet", "Juniper", "Kestrel", "Knoll", "Lark", "Linden", "Loam",
    "Marl", "Meadow", "Mill", "Moor", "Nettle", "North", "Orchard", "Osier", "Pebble", "Quarry", "Reed", "Ridge",
    "Rowan", "Sedge", "Shore", "Slate", "Sorrel", "Stone", "Tarn", "Thicket", "Tide", "Vale", "Weir", "Willow", "Wren",
)  # fmt: skip
_COLOURS = {
    "Oat": "#e3d6bf", "Chalk": "#efe9dc", "Moss": "#6f8560", "Fern": "#51685a", "Celadon": "#9fb8a6",
    "Tide blue": "#4f7384", "Deep sea": "#2f4858", "Rust": "#b5583a", "Ochre": "#d29a3f", "Plum": "#7a4a5c",
    "Slate": "#5b6468", "Rose": "#c58f85", "Pine": "#3d5b4c", "Heather": "#8b7487", "Cream": "#f1ece0",
    "Terracotta": "#c4643f",
}  # fmt: skip
_PLACES = ("Ireland", "Slovenia", "Belgium", "Spain", "Portugal", "France", "Poland")
_SIZES = ("Small", "Medium", "Large")

# What there is in each category: objects with their drawings, materials, care, and a price range in whole euros.
_GOODS: dict[str, tuple[Sequence[tuple[str, str]], Sequence[str], str, tuple[int, int]]] = {
    "table/mugs": (
        (("mug", "mug"), ("banded mug", "mug-banded"), ("tall mug", "mug-speckled"), ("beakers", "beaker")),
        ("stoneware", "earthenware", "porcelain"), "Dishwasher safe", (12, 38),
    ),
    "table/bowls-and-plates": (
        (("bowl", "bowl"), ("fruit bowl", "bowl-of-fruit"), ("plate", "plate"), ("plates", "plates")),
        ("stoneware", "earthenware", "porcelain"), "Dishwasher safe", (16, 90),
    ),
    "table/glass-and-jugs": (
        (("tumblers", "tumblers"), ("carafe", "carafe"), ("jug", "jug"), ("teapot", "teapot")),
        ("blown", "pressed", "recycled"), "Wash by hand", (18, 95),
    ),
    "kitchen/boards": (
        (("board", "board"), ("round board", "board-round"), ("tray", "tray")),
        ("oak", "walnut", "cherry", "ash"), "Wipe clean and oil", (24, 90),
    ),
    "kitchen/knives-and-tools": (
        (("cook's knife", "chef-knife"), ("paring knife", "paring-knife"), ("spoons", "spoons")),
        ("forged", "hammered", "hand-ground"), "Wash and dry by hand", (15, 180),
    ),
    "kitchen/pans-and-storage": (
        (("casserole", "casserole"), ("pan", "skillet"), ("jar", "jar"), ("tin", "tin")),
        ("enamelled", "cast", "lidded"), "Wash by hand", (14, 190),
    ),
    "textiles/throws-and-cushions": (
        (("throw", "throw-striped"), ("check throw", "throw-checked"), ("cushion", "cushion"), ("rug", "rug")),
        ("wool", "linen", "lambswool", "cotton"), "Wash cold", (38, 220),
    ),
    "textiles/kitchen-linen": (
        (("tea towel", "tea-towel"), ("apron", "apron"), ("napkins", "napkins")),
        ("linen", "half-linen", "cotton"), "Wash at 60 °C", (12, 80),
    ),
    "light/candles": (
        (("candle", "candle"), ("pot candle", "candle-pot"), ("pillars", "pillars")),
        ("beeswax", "rapeseed wax", "soy wax"), "Trim the wick", (9, 60),
    ),
    "light/lamps": (
        (("lamp", "lamp"), ("reading lamp", "lamp-wood"), ("pendant", "pendant")),
        ("enamelled", "stoneware", "spun"), "Dust with a soft brush", (70, 290),
    ),
    "bath": (
        (("soap", "soap"), ("towel", "towel"), ("bath brush", "bath-brush"), ("hand wash", "pump-bottle")),
        ("olive", "waffle", "oat", "cotton"), "Let it dry between uses", (6, 70),
    ),
    "desk": (
        (("notebook", "notebook"), ("album", "notebook-marbled"), ("pencils", "pencils"), ("cards", "cards")),
        ("birch paper", "cloth-bound", "sewn"), "Keep dry", (5, 60),
    ),
    "garden": (
        (("trowel", "trowel"), ("watering can", "watering-can"), ("pot", "pot"), ("secateurs", "secateurs")),
        ("forged", "galvanised", "frost-proof"), "Wipe dry, oil before winter", (12, 95),
    ),
    "hall": (
        (("basket", "basket"), ("stool", "stool"), ("mirror", "mirror"), ("vase", "vase"), ("clock", "clock")),
        ("willow", "oak", "ash", "brass"), "Dust", (20, 240),
    ),
    "pantry": (
        (("honey", "jar"), ("jam", "jar-cloth"), ("tea", "tin"), ("coffee", "packet")),
        ("spring", "wild", "small-batch"), "Cool and dry", (5, 45),
    ),
}  # fmt: skip


def plausible_products(n: int, *, seed: int = 7) -> Iterator[DemoProduct]:
    """Make n products with unique slugs and SKUs (both begin with g), the same ones for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - it makes up goods, it keeps no secret
    brands = [(brand.slug, brand.name) for brand in load().brands]
    categories = list(_GOODS)
    for number in range(1, n + 1):
        yield _product(number, chance, categories[number % len(categories)], chance.choice(brands))


def _product(number: int, chance: random.Random, category: str, brand: tuple[str, str]) -> DemoProduct:
    objects, materials, care, (low, high) = _GOODS[category]
    thing, drawing = chance.choice(objects)
    material, series, place = chance.choice(materials), chance.choice(_SERIES), chance.choice(_PLACES)
    brand_slug, maker = brand
    width, height = chance.randint(6, 48), chance.randint(4, 60)
    named = f"{series} {material} {thing}"
    offer = chance.random() < 0.1
    price = chance.randint(low, high) * 100 - chance.choice((0, 0, 10, 50))
    return DemoProduct(
        slug=f"g-{named.lower().replace(' ', '-').replace(chr(39), '')}-{number}",
        title=f"{named} No. {number}",
        summary=f"{material.capitalize()} {thing} by {maker}, {width} cm wide.",
        description=(
            f"From the {series} series by {maker}, made in {place}. It measures {width} by {height} cm.\n\n"
            f"Care: {care.lower()}. Each one differs a little from the next."
        ),
        brand_slug=brand_slug,
        category_path=category,
        options=("Colour", "Size"),
        attributes={
            "Material": material.capitalize(),
            "Made in": place,
            "Dimensions": f"{width} × {height} cm",
            "Care": care,
        },
        variants=_variants(number, chance, price, offer),
        drawing=drawing,
        featured=number % 97 == 0,
        days_old=number % 730,
    )


def _variants(number: int, chance: random.Random, price: int, offer: bool) -> tuple[DemoVariant, ...]:
    count = chance.choice((1, 1, 2, 2, 3, 4, 6))
    sizes = _SIZES[: 1 if count < 4 else 2]
    colours = chance.sample(list(_COLOURS), max(1, count // len(sizes)))
    sold_out = chance.random() < 0.05
    weight = chance.randint(8, 300) * 10
    made = []
    for place, (colour, (step, size)) in enumerate((c, s) for c in colours for s in enumerate(sizes)):
        asked = price + step * (price // 300) * 100
        digits = f"21{number % 10**9:09d}{place}"
        made.append(
            DemoVariant(
                sku=f"G-{number:06d}-{place + 1}",
                options=(colour, size),
                price=asked * 4 // 5 if offer else asked,
                compare_at=asked if offer else None,
                weight_grams=weight + step * weight // 2,
                on_hand=0 if sold_out else chance.randint(1, 120),
                colours=(_COLOURS[colour], PAPER),
                barcode=digits + ean_check_digit(digits),
            )
        )
    return tuple(made)
