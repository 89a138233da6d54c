"""Validate: raw cells into typed rows, with the faults of each."""
