"""Carts: what a shopper means to buy, and how far the checkout has come."""
