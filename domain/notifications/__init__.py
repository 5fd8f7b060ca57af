"""Which message goes to whom, by which channel."""
