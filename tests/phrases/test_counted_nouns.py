"""A number with its noun."""

from __future__ import annotations

import pytest

from perfpipe.phrases.counted_nouns import count_of


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [
        (0, "fault", "0 faults"),
        (1, "new delivery", "1 new delivery"),
        (2, "new delivery", "2 new deliveries"),
        (3, "day", "3 days"),
        (1, "status", "1 status"),
        (2, "status", "2 statuses"),
        (1204, "row", "1,204 rows"),
    ],
)
def test_nouns_agree_with_their_numbers(number: int, noun: str, said: str) -> None:
    assert count_of(number, noun) == said
