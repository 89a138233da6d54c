"""One line of the doctor's answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """Whether something is fit for runs."""

    GOOD = "good"
    CAUTION = "caution"  # runs work, but this can spoil them
    BAD = "bad"  # runs fail, or cannot be trusted
    UNKNOWN = "unknown"  # this machine does not say


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it is, and what to do where it is not good."""

    name: str
    health: Health
    found: str
    what_to_do: str = ""


def good(name: str, found: str) -> Finding:
    """Something that is as it should be."""
    return Finding(name, Health.GOOD, found)
