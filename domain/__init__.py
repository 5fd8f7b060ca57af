"""The shop itself: what is sold, to whom, at which price, and what happens next. It knows no framework."""
