"""What shoppers may send, one module for each area."""
