"""Orders: the quote, placing, paying, shipping, cancelling; an order is a snapshot of what was agreed."""
