"""The figures of the shop, fed by events into tables of their own."""
