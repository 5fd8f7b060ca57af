"""What a check of the books is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """A promise, and the query for what breaks it: the first column says where, the second what is wrong."""

    promise: str
    query: str
