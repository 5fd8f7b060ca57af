"""The admin's pages, one module an area."""
