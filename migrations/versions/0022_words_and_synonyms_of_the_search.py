"""words and synonyms of the search"""

from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"

# What many shops' customers call differently; staff change and add to it in the admin.
SYNONYMS = (
    "tv | television | telly",
    "laptop | notebook computer | notebook pc",
    "pc | personal computer",
    "mobile phone | cell phone | cellphone | smartphone",
    "earbuds | earphones | in-ear headphones",
    "smartwatch | smart watch",
    "power bank | powerbank | portable charger",
    "usb stick | memory stick | flash drive | thumb drive",
    "ssd | solid state drive",
    "hdd | hard drive | hard disk | hard disc",
    "wifi | wi-fi | wlan | wireless lan",
    "loudspeaker | speaker",
    "surround sound | home cinema | home theater | home theatre",
    "phone cord | phone cable | telephone cable",
    "battery | batteries",
    "camera bag | camera case",
    "fridge | refrigerator",
    "hoover | vacuum cleaner",
    "kettle | water boiler",
    "sofa | couch | settee",
    "lamp | light",
    "cushion | pillow",
    "blanket | throw",
    "bin | waste basket | trash can",
    "tap | faucet",
    "cooker | stove",
    "jumper | sweater | pullover",
    "trainers | sneakers",
    "trousers | pants",
    "t-shirt | tshirt | tee",
    "hoodie | hooded sweatshirt",
    "jewellery | jewelry",
    "colour | color",
    "grey | gray",
    "aluminium | aluminum",
    "pram | pushchair | stroller",
    "nappy | diaper",
    "torch | flashlight",
    "plaster | band-aid",
    "biro | ballpoint pen",
)

# Stems in the order of the alphabet, as the shop's own command writes them.
_ADD = sa.text(
    """
    INSERT INTO catalog.synonyms (id, created_at, terms, keys, one_way)
    SELECT CAST(:id AS uuid), now(), CAST(:terms AS text[]), array_agg(
        array_to_string(tsvector_to_array(to_tsvector('english', regexp_replace(term, '[^[:alnum:]]+', ' ', 'g'))), ' ')
        ORDER BY place), false
    FROM unnest(CAST(:terms AS text[])) WITH ORDINALITY AS t(term, place)
    """
)


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "words",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("products", sa.Integer(), nullable=False),
        sa.Column("forms", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_words")),
        schema="catalog",
    )
    op.create_index("ix_words_forms", "words", ["forms"], schema="catalog", postgresql_using="gin")
    op.create_index(
        "ix_words_beginning", "words", ["word"], schema="catalog", postgresql_ops={"word": "text_pattern_ops"}
    )
    op.create_index(
        "ix_words_alike",
        "words",
        ["word"],
        schema="catalog",
        postgresql_using="gin",
        postgresql_ops={"word": "gin_trgm_ops"},
    )
    op.create_table(
        "synonyms",
        sa.Column("terms", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("keys", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("one_way", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cardinality(terms) BETWEEN 2 AND 20", name=op.f("ck_synonyms_terms")),
        sa.CheckConstraint("cardinality(keys) = cardinality(terms)", name=op.f("ck_synonyms_keys")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonyms")),
        schema="catalog",
    )
    op.create_index("ix_synonyms_keys", "synonyms", ["keys"], schema="catalog", postgresql_using="gin")
    op.create_table(
        "listing_builds",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_listing_builds")),
        schema="catalog",
    )
    op.execute("SELECT shared.watch_tables()")
    for number, terms in enumerate(SYNONYMS, start=1):
        words = "{" + ",".join(f'"{term}"' for term in terms.split(" | ")) + "}"
        op.execute(_ADD.bindparams(id=str(UUID(int=number)), terms=words))


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("listing_builds", schema="catalog")
    op.drop_table("synonyms", schema="catalog")
    op.drop_table("words", schema="catalog")
