"""A rule: one thing that can be wrong, with its severity, its words and the defect that it marks, stated once.

The rules of files, cells and extracts are the modules of this room; those about the rows of a dataset are with the
dataset (`row_check.py`). Nothing is imported here, so that the process that takes spreadsheets apart loads little.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from string import Formatter


class Severity(StrEnum):
    """What a fault does: stop the run, exclude the row from figures, or only be reported."""

    STOP = "stop"
    EXCLUDE = "exclude"
    WARN = "warn"
    INFO = "info"


OFF = "off"  # what the settings may say of some rules: no fault at all
STOP, EXCLUDE, WARN, INFO = Severity


class Scope(StrEnum):
    """Where a rule looks: at files as they come in, in one extract, or between extracts."""

    ARRIVING = "arriving"
    READING = "reading"
    BETWEEN = "between"


@dataclass(frozen=True)
class Defect:
    """What is wrong with a row, whichever rule found it. Measures name the defects that leave a row out of them."""

    id: str
    meaning: str


UNUSABLE = Defect("*", "the row cannot be used: it is in no figure")


@dataclass(frozen=True)
class Rule:
    """One thing that can be wrong. A fault of it is made by `fault_of`.

    `meaning` completes "it finds ..."; `may_also_be` is what the settings may make of its severity. `expected` and
    `what_to_do` are templates: `{name}` is filled in by each fault (`{rule}` by itself), and a brace that is meant is
    doubled. A rule that takes rows out of figures (`exclude`) marks a `defect`, and no other does. Where one rule wants
    something else done in some cases, a second object is made of it by `dataclasses.replace`.
    """

    id: str
    scope: Scope
    severity: Severity
    may_also_be: tuple[str, ...]
    meaning: str
    expected: str
    what_to_do: str
    defect: Defect | None = None

    def __post_init__(self) -> None:
        if (self.severity is EXCLUDE) != (self.defect is not None):
            raise ValueError(f"rule {self.id}: what leaves rows out marks a defect, and nothing else does")

    @property
    def may_be(self) -> tuple[str, ...]:
        """Its severity, and what the settings may change that to."""
        return (self.severity.value, *self.may_also_be)

    @cached_property
    def fields(self) -> frozenset[str]:
        """The names that a fault must fill in."""
        texts = (self.expected, self.what_to_do)
        return frozenset(name for text in texts for _, name, *_ in Formatter().parse(text) if name) - {"rule"}
