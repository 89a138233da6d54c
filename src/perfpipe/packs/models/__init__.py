"""Models: what a pack holds, as plain values."""
