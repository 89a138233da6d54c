"""Damage done to valid extracts on purpose: each is read right, or a fault that fits says what is wrong."""
