"""A number with its noun, as every message and every page says it."""

from __future__ import annotations


def count_of(number: int, noun: str) -> str:
    """`1 row`, `2 rows`, `1,204 deliveries`."""
    if number == 1:
        return f"1 {noun}"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{number:,} {noun[:-1]}ies"
    return f"{number:,} {noun}{'es' if noun.endswith('s') else 's'}"
