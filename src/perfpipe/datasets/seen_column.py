"""A column of a delivered file as it was seen there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SeenColumn:
    """One column: its header, the canonical column it holds (empty: ignored), the kind of most of its cells."""

    header: str
    column: str
    kind: str
    letter: str

    @property
    def address(self) -> str:
        """Where it is, as faults show it: `H (Returned)`."""
        return f"{self.letter} ({self.header})"
