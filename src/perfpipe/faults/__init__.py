"""A fault, the rules that find one, and how severe each is."""
