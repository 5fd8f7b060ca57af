"""Which tax an order bears, and what share of it each line has."""
