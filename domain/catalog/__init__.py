"""What the shop sells: products, variants, categories, pictures, stock and the listing that shoppers browse."""
