"""Who may come in: shoppers with accounts, and staff with roles; the two never mix."""
