"""The tables that disclosure control must protect: they add up, and hiding only the small cells gives them away."""

from __future__ import annotations

import tomllib
from pathlib import Path

SMALL = 5  # counts from 1 to 5 are hidden in public
PROTECTS = 6  # a hidden set must hold a cell of at least so many (definitions 9.1)
CASES = tomllib.loads((Path(__file__).parent / "fixtures" / "suppression_cases.toml").read_text())["cases"]


def test_hiding_only_the_small_cells_gives_them_away() -> None:
    for case in CASES:
        groups, total = case["groups"], case["total"]
        assert sum(groups) == total
        hidden = [group for group in groups if 1 <= group <= SMALL]
        left = total - sum(group for group in groups if group not in hidden)
        assert left == len(hidden)  # so each of them is known to be 1
        assert max(hidden) < PROTECTS
