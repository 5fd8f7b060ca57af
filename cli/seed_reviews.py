"""The reviews of the demo shop: brought along from a former shop, as a merchant who moves in would."""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.reviews.commands import FormerReview, load_reviews

_FILE = Path(__file__).parent / "demo" / "reviews.toml"
_PRODUCTS = text("SELECT slug, id FROM catalog.products WHERE slug = ANY(:slugs)")


def seed_reviews(session: Session, *, now: datetime) -> int:
    """Load the reviews of the products that are there, and return how many were new."""
    said = tomllib.loads(_FILE.read_text())["review"]
    rows = session.execute(_PRODUCTS, {"slugs": sorted({one["product"] for one in said})})
    products = {row.slug: row.id for row in rows}
    return load_reviews(
        session,
        [
            FormerReview(
                product_id=products[one["product"]],
                email=f"{one['author'].lower()}@former.invalid",
                author=one["author"],
                stars=one["stars"],
                title=one["title"],
                words=one["words"].strip(),
                reply=one.get("reply", ""),
                written_at=now - timedelta(days=one["days_old"]),
            )
            for one in said
            if one["product"] in products
        ],
    )
