"""What a variant costs now: the same words in every statement that reads a price."""

PRICE_NOW = "catalog.price_at(v.price, v.sale_price, v.sale_starts_at, v.sale_ends_at, now())"
"""The price of the variant `v` at the moment of the statement, or of its transaction: one clock, the database's."""

FORMER_NOW = "catalog.former_at(v.price, v.compare_at, v.sale_price, v.sale_starts_at, v.sale_ends_at, now())"
"""What it cost before: the regular price while its sale runs, else the former price that staff have set, or NULL."""
