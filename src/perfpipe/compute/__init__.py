"""Compute: rows that count into the figures of each measure and month."""
