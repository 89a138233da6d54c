"""Correct: one cell of one record, told by phone, found in its extract and declared in `corrections.toml`."""
