"""What the JSON APIs of both apps share: operations with typed models, their contract, and how they are answered."""

from web.api.answers import Answer, Money, money
from web.api.bodies import Body, Query
from web.api.registry import Api, Operation

__all__ = ["Answer", "Api", "Body", "Money", "Operation", "Query", "money"]
