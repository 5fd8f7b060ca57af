"""How the shop's things look in answers: typed dicts, and the functions that make them of what queries return."""
