"""Faults of a check added up: by owner, severity and age, by month, and by kind with its newest examples."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from perfpipe.check.check import CheckedWorkspace, FaultAge, FoundFault
from perfpipe.cli.fault_lines import MOST_SERIOUS_FIRST, effect_of
from perfpipe.datasets import BY_ID
from perfpipe.dates.months import Month
from perfpipe.faults.fault import Fault
from perfpipe.rules.rule import Severity
from perfpipe.settings.settings import Settings

EXAMPLES = 3


@dataclass(frozen=True)
class OwnerCount:
    """The current faults of one severity that one owner corrects."""

    owner: str
    severity: Severity
    new: int
    open: int
    not_followed: int


@dataclass(frozen=True)
class MonthCount:
    """All faults in the extracts that were sent for one month, by severity."""

    month: Month
    stop: int
    exclude: int
    warn: int


@dataclass(frozen=True)
class FaultKind:
    """Faults of one rule in one dataset: one thing to do. `found` has them from the newest file to the oldest."""

    owner: str
    severity: Severity
    title: str
    rule: str
    found: tuple[FoundFault, ...]

    @property
    def newest(self) -> Fault:
        """The first fault of the newest file."""
        return self.found[0].fault

    @property
    def new(self) -> int:
        """How many of them the extract before did not have."""
        return sum(each.age is FaultAge.NEW for each in self.found)

    @property
    def is_of_dataset(self) -> bool:
        """False for what is wrong with files, folders and settings: each of those is named."""
        return self.newest.dataset in BY_ID

    @property
    def examples(self) -> list[Fault]:
        """Those to name: of a dataset some in its newest file, else all."""
        if not self.is_of_dataset:
            return [each.fault for each in self.found]
        return [each.fault for each in self.found if each.fault.file == self.newest.file][:EXAMPLES]

    @property
    def addresses(self) -> str:
        """Where the examples are, a file named once: `2018-03/x.xlsx, sheet List, row 3; row 7 and 2 more`."""
        said, file = [], None
        for each in self.examples:
            said.append(each.address if each.file != file or not each.file else address_in_file(each))
            file = each.file
        more = len(self.found) - len(said)
        return "; ".join(dict.fromkeys(said)) + (f" and {more:,} more" if more else "")

    @property
    def what_to_do(self) -> str:
        """What to do about them: the sentences that hold for all, where some name their own row."""
        sentences = re.split(r"(?<=[.]) ", self.newest.what_to_do)
        others = {each.fault.what_to_do for each in self.found}
        shared = [sentence for sentence in sentences if all(sentence in other for other in others)]
        return " ".join(shared or sentences)

    @property
    def without(self) -> str:
        """Which figures are without their rows: ` Left out of: ...`; empty where none is."""
        return effect_of(self.newest)


def address_in_file(fault: Fault) -> str:
    """Where a fault is within its file: `row 7, column D (Ended)`."""
    column = f"column {fault.column}" if fault.column else ""
    return ", ".join(filter(None, (f"row {fault.row}" if fault.row else "", column))) or "the whole file"


def owner_counts(found: Iterable[FoundFault], settings: Settings) -> list[OwnerCount]:
    """The current faults by owner and severity, owners with the most serious first; not those for information."""
    groups: dict[tuple[str, Severity], list[FoundFault]] = {}
    for each in found:
        if each.is_current and each.fault.severity is not Severity.INFO:
            owner = settings.owner_of(each.fault.dataset, each.fault.rule)
            groups.setdefault((owner, each.fault.severity), []).append(each)
    in_order = sorted(groups, key=lambda key: (_seriousness(key[1]), -len(groups[key])))
    return [
        OwnerCount(owner, severity, *(sum(one.age is age for one in groups[owner, severity]) for age in FaultAge))
        for owner in dict.fromkeys(owner for owner, _ in in_order)
        for severity in MOST_SERIOUS_FIRST
        if (owner, severity) in groups
    ]


def month_counts(found: Iterable[FoundFault]) -> list[MonthCount]:
    """The faults of each month, the newest first."""
    counts: dict[Month, dict[Severity, int]] = {}
    for each in found:
        if each.month:
            of_month = counts.setdefault(each.month, dict.fromkeys(MOST_SERIOUS_FIRST, 0))
            of_month[each.fault.severity] += 1
    return [
        MonthCount(month, of[Severity.STOP], of[Severity.EXCLUDE], of[Severity.WARN])
        for month, of in sorted(counts.items(), reverse=True)
    ]


def kinds_of(found: Iterable[FoundFault], settings: Settings) -> list[FaultKind]:
    """Faults by kind: owners as in `owner_counts`, of each owner the most serious and commonest first."""
    found = list(found)
    groups: dict[tuple[str, Severity, str, str], list[FoundFault]] = {}
    for each in sorted(found, key=lambda one: (one.month is not None, one.month), reverse=True):
        fault = each.fault
        key = (settings.owner_of(fault.dataset, fault.rule), fault.severity, fault.dataset, fault.rule)
        groups.setdefault(key, []).append(each)
    kinds = [
        FaultKind(owner, severity, BY_ID[dataset].title if dataset in BY_ID else "Files and settings", rule, tuple(of))
        for (owner, severity, dataset, rule), of in groups.items()
    ]
    kinds.sort(key=lambda kind: (_seriousness(kind.severity), -len(kind.found)))
    owners = list(dict.fromkeys([*(each.owner for each in owner_counts(found, settings)), *(k.owner for k in kinds)]))
    return sorted(kinds, key=lambda kind: owners.index(kind.owner))


def as_data(checked: CheckedWorkspace, settings: Settings) -> dict[str, object]:
    """A check as plain values for JSON; no value of a cell is in it."""
    return {
        "month": str(checked.month) if checked.month else None,
        "by_owner": [asdict(each) for each in owner_counts(checked.found, settings)],
        "by_month": [asdict(each) | {"month": str(each.month)} for each in month_counts(checked.found)],
        "faults": [_data_of(each, settings) for each in checked.found],
    }


def _data_of(each: FoundFault, settings: Settings) -> dict[str, object]:
    fault = each.fault
    return {
        "owner": settings.owner_of(fault.dataset, fault.rule),
        "month": str(each.month) if each.month else None,
        "age": each.age,
        "is_current": each.is_current,
        **{name: value for name, value in asdict(fault).items() if name not in ("held_until", "identity")},
    }


def stopping_and_excluding(faults: Sequence[Fault]) -> tuple[int, int]:
    """How many faults stop the run, and how many leave a row out of figures."""
    stops, excluded = (sum(fault.severity is each for fault in faults) for each in (Severity.STOP, Severity.EXCLUDE))
    return stops, excluded


def _seriousness(severity: Severity) -> int:
    return MOST_SERIOUS_FIRST.index(severity)
