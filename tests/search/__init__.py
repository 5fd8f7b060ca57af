"""How well the search finds what shoppers look for."""
