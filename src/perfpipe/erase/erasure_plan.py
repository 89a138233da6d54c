"""What an erasure would do: every place and every figure, listed before anybody is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum

from perfpipe.dates.months import Month
from perfpipe.ledger.erasure_records import ErasureKind, ErasureRecord, ErasureWork
from perfpipe.ledger.erasures import FigureOfMonth
from perfpipe.ledger.ledger import Ledger
from perfpipe.measures.definition import Measure
from perfpipe.storage.access import login


class ErasureReason(StrEnum):
    """Why somebody's records are erased: codes, as free text would say who it is."""

    REQUEST = "request"  # by the person, or a parent
    COURT_ORDER = "court_order"
    ADOPTION = "adoption"  # the old identity of a child who was adopted
    SENT_IN_ERROR = "sent_in_error"  # a record that should never have been in an extract
    OTHER = "other"


AGE = "retention"  # the reason of what goes because it is older than it is kept


@dataclass(frozen=True)
class FileFate:
    """What becomes of a delivered file. `rows`: records that go; `whole`: nothing of it is kept."""

    place: str
    datasets: tuple[str, ...]
    rows: int
    whole: bool


@dataclass(frozen=True)
class ErasurePlan:
    """All that an erasure would do. `finds`: where a text of the person stands that a person has to look at."""

    kind: ErasureKind
    reason: str
    work: ErasureWork
    frozen: frozenset[FigureOfMonth]
    person: str = ""
    files: tuple[FileFate, ...] = ()
    faults: int = 0
    corrections: int = 0
    correction_copies: int = 0
    workbooks: tuple[str, ...] = ()
    finds: tuple[str, ...] = ()
    unsearched: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    spellings: int = 1
    measures: Sequence[Measure] = field(default=(), repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.files or self.corrections or self.correction_copies or self.workbooks)


def begin(ledger: Ledger, plan: ErasurePlan, role: str, at: datetime | None = None) -> ErasureRecord:
    """Record an erasure with all that it has to do, before anything is touched."""
    record = ErasureRecord(plan.kind, plan.person, plan.reason, role, login(), at or datetime.now(UTC), work=plan.work)
    with ledger.writing():
        erasure_id = ledger.begin_erasure(record, plan.frozen)
    return replace(record, id=erasure_id)


def figure_lines(plan: ErasurePlan) -> list[str]:
    """The figures that stay as they were published, a line for each measure and period, with their months."""
    found: dict[tuple[str, str], list[Month]] = {}
    for measure, month, period in plan.frozen:
        found.setdefault((measure, period), []).append(month)
    names = {each.id: f"{each.code} {each.title}" for each in plan.measures}
    order = {each.id: number for number, each in enumerate(plan.measures)}
    chosen = sorted(found.items(), key=lambda each: (order.get(each[0][0], len(order)), each[0][1]))
    return [
        f"{names.get(measure, measure)} ({period.replace('_', ' ')}): {_spans(sorted(months))}"
        for (measure, period), months in chosen
    ]


def _spans(months: Sequence[Month]) -> str:
    """Months as one writes them: 2017-04 to 2017-06, 2017-09."""
    spans: list[list[Month]] = []
    for month in months:
        if spans and month == spans[-1][-1] + 1:
            spans[-1].append(month)
        else:
            spans.append([month])
    return ", ".join(str(each[0]) if len(each) == 1 else f"{each[0]} to {each[-1]}" for each in spans)
