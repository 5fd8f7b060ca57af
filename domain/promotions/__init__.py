"""Codes, rules and discounts; they see lines, never carts."""
