"""Payments and refunds, and the gateways that carry them out."""
