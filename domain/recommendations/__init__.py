"""Which products go with which: what was bought together, and what is alike."""
