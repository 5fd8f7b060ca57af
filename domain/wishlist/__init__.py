"""What somebody would like to have: a list of variants for later, which can be shown to others."""
