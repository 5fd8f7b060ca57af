"""How much a cart holds."""

MAX_PER_LINE = 99
"""Units of one variant."""

MAX_LINES = 100
