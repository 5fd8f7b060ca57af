"""The shop as shoppers see it."""

from storefront.app import create_app

__all__ = ["create_app"]
