"""Texts that only hold a place, as `TODO` or `tbc`: refused in definitions, whether in code or in the plan."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfpipe.measures.definition import Measure

PLACEHOLDER = re.compile(
    r"(?:to ?do|fixme|tb[acd]|to be (?:added|agreed|announced|confirmed|decided|determined)|x{2,}|n a|na|lorem ipsum.*)"
)
STILL_TO_DO = re.compile(r"(?:todo|fixme)\b")  # and whatever follows
LEAST_WORDS_OF_WHY = 3
SAID = ("title", "owner", "why_it_matters", "definition", "source")  # what a definition must say in words


def placeholder_problem(text: str) -> str:
    """What is wrong with a text that only holds a place (`TODO`, `tbc`, `...`, a dash); empty for any other."""
    words = " ".join(_words(text))
    if not words or PLACEHOLDER.fullmatch(words) or STILL_TO_DO.match(words):
        return "expected a text in words, not a placeholder"
    return ""


def why_problem(text: str) -> str:
    """What is wrong with why a measure matters: a placeholder, or fewer than three words; empty for any other."""
    if problem := placeholder_problem(text):
        return problem
    short = len(_words(text)) < LEAST_WORDS_OF_WHY
    return f"expected why it matters, in at least {LEAST_WORDS_OF_WHY} words" if short else ""


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def placeholders_of(measure: Measure) -> list[str]:
    """The keys of a definition whose text only holds a place, each with what is wrong. Not those that are empty."""
    problems = []
    for key in SAID:
        text = str(getattr(measure, key))
        problem = why_problem(text) if key == "why_it_matters" else placeholder_problem(text)
        if problem and text.strip():
            problems.append(f"{key}: {problem}; found {text!r}")
    return problems
