"""What callers of the admin's API get."""
