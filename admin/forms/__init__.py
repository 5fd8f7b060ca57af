"""What staff can send, and what is wrong with it."""
