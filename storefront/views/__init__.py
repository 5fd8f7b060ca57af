"""The pages of the storefront, one module for each area."""
