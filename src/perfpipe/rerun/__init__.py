"""Months of a workspace computed once more: what it would change, with a reason, and what was first known of them."""
