"""Check: the first stages of a run, without computing, and every fault that they find."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

import pandas as pd

from perfpipe.commentary.take_in import months_with_commentary
from perfpipe.dates.months import LONDON, Month, financial_year_folder, month_range
from perfpipe.faults.fault import Fault
from perfpipe.job.job import checked_comparators
from perfpipe.ledger.hold import hold_or_look
from perfpipe.ledger.ledger import Ledger
from perfpipe.measures import MEASURES
from perfpipe.plan import Plan, load_plan
from perfpipe.read.read_file import Parser
from perfpipe.receive.receive import receive
from perfpipe.reconcile.commentary_known import commentary_known
from perfpipe.reconcile.corrections_still_needed import corrections_still_needed
from perfpipe.reconcile.faults_between import faults_between
from perfpipe.reconcile.speaks_for import in_use, speaks_for_each
from perfpipe.reconcile.usable_readings import usable_readings
from perfpipe.rules.cells import CODE_UNKNOWN, COLUMN_UNREADABLE
from perfpipe.rules.extracts import NO_USABLE_ROWS
from perfpipe.rules.rule import Severity
from perfpipe.settings.settings import Settings, SettingsError
from perfpipe.settings.workspace import COMMENTARY, Workspace
from perfpipe.storage.failures import storing
from perfpipe.validate.delivered_table import CodedWord, coded_words, delivered_table
from perfpipe.validate.faults_of_parts import faults_of_parts
from perfpipe.validate.months_covered import folder_months
from perfpipe.validate.reading import Reading

WORDS_WITHOUT_CODE = (CODE_UNKNOWN.id, COLUMN_UNREADABLE.id, NO_USABLE_ROWS.id)


class FaultAge(StrEnum):
    """Whether the extract before had the fault too. Faults of files and between extracts are not followed."""

    NEW = "new"
    OPEN = "open"
    NOT_FOLLOWED = "not_followed"


@dataclass(frozen=True)
class FoundFault:
    """A fault, the month of the folder it is in (None: in no folder), and whether the extract before had it.

    `is_current`: it is in the newest extract of its dataset, or about the month that was asked for.
    """

    fault: Fault
    month: Month | None
    age: FaultAge
    is_current: bool


@dataclass(frozen=True)
class CheckedWorkspace:
    """What a check found. `month`: the one asked for, else the newest of which there is an extract.

    With values (restricted): `values` has the names of the row and what stood in its cell, by the identity of a current
    fault; `words` those of coded columns in which one has no code. `only_looked`: a run was in progress.
    """

    month: Month | None
    found: Sequence[FoundFault]
    words: Sequence[CodedWord] = ()
    values: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    only_looked: bool = False

    @property
    def faults(self) -> list[Fault]:
        """The faults alone."""
        return [each.fault for each in self.found]


def check_workspace(
    workspace: Workspace, month: Month | None, progress: Callable[[str], None], *, with_values: bool = False
) -> CheckedWorkspace:
    """Every fault of what has been delivered, or of the extracts used for one month.

    While a run is in progress it reads and changes nothing. Raises SettingsError, also for a month of which nothing
    was delivered.
    """
    settings = workspace.settings()
    plan = load_plan(workspace.plan_file, MEASURES)
    checked_comparators(workspace, settings, plan)
    with hold_or_look(workspace, progress) as (workspace, ledger):
        received = receive(workspace, settings, ledger)
        usable = usable_readings(
            workspace, settings, plan, ledger, None, lambda done, of: progress(f"check: {done} of {of} extracts")
        )
        readings = usable.readings
        corrections = corrections_still_needed(workspace, settings, ledger, readings)
        of_extracts = _of_extracts(settings, plan, ledger, readings, month)
        of_commentary = _of_commentary(workspace, settings, plan, readings, month)
        of_parts = faults_of_parts(workspace, settings, received.faults)
        faults = [*received.faults, *of_parts, *usable.kept_out, *corrections, *of_extracts, *of_commentary]
        if month and not faults:
            _refuse_unknown(month, readings, settings)
        found = _followed(faults, readings, ledger, settings, all_current=month is not None)
        known = (*(each.month for each in found), *(folder_months(r.folder, settings)[1] for r in readings))
        newest = month or max(filter(None, known), default=None)
        if not with_values:
            return CheckedWorkspace(newest, found, only_looked=workspace.scratch is not None)
        current = [each.fault for each in found if each.is_current]
        words = _words(workspace, settings, ledger, current)
        return CheckedWorkspace(newest, found, words, _values(current, readings), workspace.scratch is not None)


def _values(faults: Sequence[Fault], readings: Sequence[Reading]) -> dict[str, tuple[str, str]]:
    """By the identity of each fault the names of its row, and what stood in its cell."""
    files, wanted = {fault.file for fault in faults}, {fault.identity for fault in faults if fault.identity}
    values: dict[str, tuple[str, str]] = {}
    for reading in readings:
        if files.isdisjoint({reading.name, *(f"{reading.folder}/{name}" for name in reading.files)}):
            continue
        with storing(reading.values_path, "read"):
            kept = pd.read_parquet(reading.values_path)
        for identity, record, found in zip(kept["identity"], kept["record"], kept["found"], strict=True):
            if identity in wanted:
                values[str(identity)] = (str(record or ""), str(found or ""))
    return values


def _words(workspace: Workspace, settings: Settings, ledger: Ledger, faults: Sequence[Fault]) -> list[CodedWord]:
    """The words of the coded columns of the files in which one has no code."""
    files = {fault.file for fault in faults if fault.rule in WORDS_WITHOUT_CODE}
    words: list[CodedWord] = []
    if not files:
        return words
    with Parser(settings.limits) as parser:
        for extract in ledger.extracts_known(None):
            if files.isdisjoint(f"{extract.folder}/{file.name}" for file in extract.files):
                continue
            if delivered := delivered_table(workspace, settings, extract, parser):
                words += coded_words(extract.dataset, *delivered)
    unknown = {(each.dataset, each.column) for each in words if each.code is None}
    return [each for each in words if (each.dataset, each.column) in unknown]


def _of_commentary(
    workspace: Workspace, settings: Settings, plan: Plan, readings: Sequence[Reading], month: Month | None
) -> list[Fault]:
    """The faults of what owners wrote of one month, or (None) of all that have commentary."""
    months = [month] if month else months_with_commentary(workspace)
    today = datetime.now(LONDON).date()
    found = (
        commentary_known(workspace, settings, plan, each, today, speaks_for_each(readings, [each])).faults
        for each in months
    )
    return list(dict.fromkeys(fault for faults in found for fault in faults))


def _of_extracts(
    settings: Settings, plan: Plan, ledger: Ledger, readings: Sequence[Reading], month: Month | None
) -> list[Fault]:
    """The faults in extracts, and those between them: of one month, or (None) of all months that are covered.

    Of a month those that are used for it, and those in its folder: a row without a readable month is in no month.
    """
    if not readings:
        return []
    first = month or min(reading.first_month for reading in readings)
    last = month or max(reading.last_month for reading in readings)
    speaks_for = speaks_for_each(readings, month_range(first, last))
    present = [
        reading for reading in readings if not reading.replaced and (not month or _lies_in(reading, month, settings))
    ]
    used = in_use(speaks_for, last) if month else []
    in_them = ledger.faults_of(list({*used, *(reading.id for reading in present)}))
    return [*in_them, *faults_between(settings, plan, speaks_for, readings, last)]


def _lies_in(reading: Reading, month: Month, settings: Settings) -> bool:
    first, last = folder_months(reading.folder, settings)
    return first <= month <= last


def _refuse_unknown(month: Month, readings: Sequence[Reading], settings: Settings) -> None:
    """A month without a fault is one to be glad of only where something was delivered for it."""
    if any(each.first_month <= month <= each.last_month or _lies_in(each, month, settings) for each in readings):
        return
    if not readings:
        raise SettingsError(["no extract was received yet; put files into data/raw/YYYY-MM, then check again"])
    first, last = min(each.first_month for each in readings), max(each.last_month for each in readings)
    raise SettingsError([f"no extract covers {month}; those received cover {first} to {last}: `perfpipe status`"])


def _followed(
    faults: Sequence[Fault], readings: Sequence[Reading], ledger: Ledger, settings: Settings, *, all_current: bool
) -> list[FoundFault]:
    sent_for = {reading.id: folder_months(reading.folder, settings)[1] for reading in readings}
    known = _identities(readings, sent_for, ledger)
    before = {later: earlier for earlier, later in pairwise(sorted(known)) if earlier[0] == later[0]}
    newest = dict(sorted(known))
    months = [_month_of(fault.file, settings) for fault in faults]
    last = max((month for month in (*sent_for.values(), *months) if month), default=None)
    found = []
    for fault, month in zip(faults, months, strict=True):
        age = FaultAge.NOT_FOLLOWED
        if fault.identity and fault.severity is not Severity.INFO and month:
            earlier = before.get((fault.dataset, month))
            age = FaultAge.OPEN if earlier and fault.identity in known[earlier] else FaultAge.NEW
        now = newest.get(fault.dataset, last)
        found.append(FoundFault(fault, month, age, all_current or month is None or now is None or month >= now))
    return found


def _identities(
    readings: Sequence[Reading], sent_for: Mapping[str, Month], ledger: Ledger
) -> dict[tuple[str, Month], set[str]]:
    """By dataset, and month that an extract was sent for, the identities of its faults."""
    places = {reading.id: (reading.dataset.id, sent_for[reading.id]) for reading in readings}
    known: dict[tuple[str, Month], set[str]] = {place: set() for place in places.values()}
    for fault in ledger.faults_to_follow(list(places)):
        known[places[fault.reading_id]].add(fault.identity)
    return known


def _month_of(file: str, settings: Settings) -> Month | None:
    """The month that the folder of a file is named for; None for a file in no such folder."""
    folder, _, name = file.removeprefix(f"{COMMENTARY}/").partition("/")
    try:
        Month.parse(folder)
    except ValueError:
        year = financial_year_folder(folder)
        return year[1] if year and name else None
    return folder_months(folder, settings)[1] if name else None
