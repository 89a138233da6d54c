"""Faults followed from month to month: new, open for so many months, cleared.

Nothing is saved but the faults of each extract: the states follow from the extracts known at a run's cut, so that a
month made again as it was known gives the states of then. A month is seen through the extract that was sent for it,
the report month through the one that speaks for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from perfpipe.dates.months import Month
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import FaultToFollow
from perfpipe.reconcile.speaks_for import SpeaksFor
from perfpipe.validate.fault_identity import ALWAYS
from perfpipe.validate.reading import Reading

LONG_MONTHS = 3


@dataclass
class Clearance:
    """What became of the faults of one rule, or of all, between one extract and the one before.

    `open`: all there are now, `new` ones among them, `long_open` for more than three months. Of those before that are
    no more: `cleared`, as the extract holds their records' time, and `unseen`, as it no longer does.
    """

    open: int = 0
    new: int = 0
    long_open: int = 0
    cleared: int = 0
    unseen: int = 0
    rows_left_out: int = 0


@dataclass(frozen=True)
class FaultHistory:
    """The faults of one dataset over time. `since` has the month each fault open now was first seen, by identity.

    `months` has the months that an extract was sent for, with the totals of each; `rules` the report month's, by rule.
    All are without what is only for information.
    """

    since: Mapping[str, Month] = field(default_factory=dict)
    months: Mapping[Month, Clearance] = field(default_factory=dict)
    rules: Mapping[str, Clearance] = field(default_factory=dict)


def fault_history(ledger: Ledger, speaks_for: SpeaksFor, readings: Sequence[Reading], month: Month) -> FaultHistory:
    """The faults of one dataset up to a month, as the readings known to a run show them."""
    seen = readings_followed(speaks_for, readings, month)
    faults: dict[str, list[FaultToFollow]] = {reading.id: [] for reading in seen.values()}
    for fault in ledger.faults_to_follow(list(faults)):
        faults[fault.reading_id].append(fault)
    since: dict[str, Month] = {}
    before: dict[str, FaultToFollow] = {}
    months: dict[Month, Clearance] = {}
    rules: dict[str, Clearance] = {}
    for at, reading in sorted(seen.items()):
        now = {fault.identity: fault for fault in faults[reading.id]}
        since = {identity: since.get(identity, at) for identity in now}
        gone = [fault for identity, fault in before.items() if identity not in now]
        months[at] = _clearance(now.values(), gone, since, at, reading)
        if at == month:
            names = sorted({fault.rule for fault in (*now.values(), *gone)})
            rules = {rule: _clearance(_of(rule, now.values()), _of(rule, gone), since, at, reading) for rule in names}
        before = now
    return FaultHistory(since if month in seen else {}, months, rules)


def months_from(first: Month, last: Month) -> int:
    """How many months lie between two."""
    return (last.year - first.year) * 12 + last.number - first.number


def readings_followed(speaks_for: SpeaksFor, readings: Sequence[Reading], month: Month) -> dict[Month, Reading]:
    """For the report month the extract used for it; for earlier ones the last made of those sent for them."""
    current = speaks_for.by_month.get(month)
    seen: dict[Month, Reading] = {}
    for reading in sorted(readings, key=lambda reading: (reading.extracted_at, reading.extract_id)):
        earlier = current is None or reading.extracted_at < current.extracted_at
        if reading.dataset is speaks_for.dataset and reading.last_month < month and earlier:
            seen[reading.last_month] = reading
    return seen | ({month: current} if current else {})


def _of(rule: str, faults: Iterable[FaultToFollow]) -> list[FaultToFollow]:
    return [fault for fault in faults if fault.rule == rule]


def _clearance(
    now: Collection[FaultToFollow],
    gone: Collection[FaultToFollow],
    since: Mapping[str, Month],
    month: Month,
    reading: Reading,
) -> Clearance:
    ages = Counter(months_from(since[fault.identity], month) for fault in now)
    held = sum(_is_held(fault.held_until, reading) for fault in gone)
    return Clearance(
        open=ages.total(),
        new=ages[0],
        long_open=sum(number for age, number in ages.items() if age > LONG_MONTHS),
        cleared=held,
        unseen=len(gone) - held,
        rows_left_out=len({fault.row for fault in now if fault.defect and fault.row}),
    )


def _is_held(held_until: str, reading: Reading) -> bool:
    """Whether an extract must hold a record. Where that cannot be said, nothing is called cleared."""
    return held_until == ALWAYS or held_until >= str(reading.first_month)
