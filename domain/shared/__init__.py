"""What every context stands on: the database, money, events, errors and settings."""
