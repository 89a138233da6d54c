"""The page on rules names every national rule that the code cites, and no rule that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

from perfpipe.datasets import DATASETS
from perfpipe.datasets.cross_checks import CROSS_CHECKS

PAGE = (Path(__file__).parents[3] / "docs" / "rules.md").read_text(encoding="utf-8")
CHECKS = [*(check for dataset in DATASETS for check in dataset.checks), *CROSS_CHECKS]
ELSEWHERE = {"value_missing", "date_unreadable", "code_unknown", "not_followed_up", "cross_checks_not_made"}
NOT_RULES = {"warn", "info", "exclude", "valid_from", "valid_to", "category", "found_at", "returned_at"}


def test_every_rule_named_exists() -> None:
    named = set(re.findall(r"`([a-z0-9]+(?:_[a-z0-9]+)*)`", PAGE))
    assert named - {check.rule.id for check in CHECKS} - ELSEWHERE - NOT_RULES == set()


def test_every_rule_of_the_national_return_is_on_the_page() -> None:
    national = [check for check in CHECKS if check.reference.startswith("SSDA903")]
    assert [check.rule.id for check in national if f"`{check.rule.id}`" not in PAGE] == []
    cited = r"\b(?:\d{3,4}[a-z]?|INT\d\d)\b"
    numbers = {number for check in national for number in re.findall(cited, check.reference)}
    assert {number for number in numbers if number not in PAGE} <= {"2010", "048"}
