"""What an owner wrote of a measure, and all that was written for a month."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from perfpipe.faults.fault import Fault

Place = tuple[str, str]  # a measure, and a period of it


@dataclass(frozen=True)
class Comment:
    """The words on one measure over one period: whose, of which day, and of which figure.

    `shown` and `status`: the figure and its status when the workbook was made. Where they are others now, the words
    are of another figure.
    """

    measure_id: str
    period: str
    role: str
    written_on: date
    cause: str
    action: str
    by_when: date | None
    question: str
    shown: str
    status: str

    @property
    def place(self) -> Place:
        """Which measure, over which period."""
        return self.measure_id, self.period

    @property
    def texts(self) -> tuple[str, ...]:
        """All that is words."""
        return self.cause, self.action, self.question


@dataclass(frozen=True)
class Commentary:
    """What was written for a month and can be shown, by measure; what is wrong with the rest; rows left out."""

    comments: tuple[Comment, ...] = ()
    faults: tuple[Fault, ...] = ()
    left_out: int = 0

    @property
    def sha256(self) -> str:
        """The hash of the words, whatever files and spaces they came in; empty where there are none."""
        return hashlib.sha256(written(self.comments)).hexdigest() if self.comments else ""


NO_COMMENTARY = Commentary()


def written(comments: Sequence[Comment]) -> bytes:
    """Comments as text: the same in whichever order they come."""
    entries = [asdict(each) for each in sorted(comments, key=lambda each: each.place)]
    return f"{json.dumps(entries, indent=1, ensure_ascii=False, default=date.isoformat)}\n".encode()


def read_back(content: bytes) -> tuple[Comment, ...]:
    """The comments that were written so."""
    return tuple(_comment(entry) for entry in json.loads(content))


def _comment(entry: dict[str, str | None]) -> Comment:
    texts = {name: str(value) for name, value in entry.items() if name not in ("written_on", "by_when")}
    by_when = entry["by_when"]
    return Comment(
        **texts,
        written_on=date.fromisoformat(str(entry["written_on"])),
        by_when=date.fromisoformat(by_when) if by_when else None,
    )
