"""The readings of all known extracts that can be used, and what keeps the others out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from perfpipe.dates.months import Month, month_range
from perfpipe.faults.fault import Fault
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import ExtractInFolder, ReadingRecord
from perfpipe.plan import Plan
from perfpipe.read.read_file import Parser
from perfpipe.reconcile.typed_sheets import refusals
from perfpipe.settings.settings import Settings
from perfpipe.settings.workspace import Workspace
from perfpipe.validate.reading import Reading
from perfpipe.validate.reading_cache import read_and_validate

TOLD_EVERY = 20  # extracts


@dataclass(frozen=True)
class UsableReadings:
    """The readings that can be used, and the faults that keep other extracts out."""

    readings: list[Reading]
    kept_out: list[Fault]


def usable_readings(
    workspace: Workspace,
    settings: Settings,
    plan: Plan,
    ledger: Ledger,
    cut: datetime | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
    earlier: bool = False,
    extracts: Sequence[ExtractInFolder] | None = None,
) -> UsableReadings:
    """Readings, made or from the cache, of all extracts received by a cut; and what keeps the others out.

    Nothing is reported of a file that was kept out and has been replaced under its name. `progress` is given how many
    extracts have been read, and of how many. `earlier`: the plan is an earlier revision; `extracts`: only these.
    """
    made: list[Reading | list[Fault]] = []
    known = ledger.extracts_known(cut) if extracts is None else extracts
    made_before, hashes = ledger.readings_known(), ledger.cached_files()
    with Parser(settings.limits) as parser:
        for number, extract in enumerate(known, 1):
            made.append(read_and_validate(workspace, settings, ledger, parser, extract, made_before, hashes))
            if number % TOLD_EVERY == 0 or number == len(known):
                progress(number, len(known))
    made = silenced(made, known, made_before)
    refused = refusals([each for each in made if isinstance(each, Reading)], plan, ledger, settings, earlier)
    wrong = [refused.get(each.id, []) if isinstance(each, Reading) else each for each in made]
    readings = [each for each in made if isinstance(each, Reading) and each.id not in refused]
    kept_out = [fault for extract, faults in zip(known, wrong, strict=True) if not extract.replaced for fault in faults]
    return UsableReadings(readings, kept_out)


def silenced(
    made: Sequence[Reading | list[Fault]], known: Sequence[ExtractInFolder], before: Mapping[str, ReadingRecord]
) -> list[Reading | list[Fault]]:
    """Readings, none of which is used for a month for which a later extract was, that has been erased whole."""
    gone = {each.id for each in known if each.is_gone}
    newest = {record.extract_id: record for record in before.values() if record.extract_id in gone}
    if not newest:
        return list(made)
    return [replace(each, silenced=_months_of_later(each, newest.values())) if isinstance(each, Reading) else each
            for each in made]  # fmt: skip


def _months_of_later(reading: Reading, gone: Iterable[ReadingRecord]) -> frozenset[Month]:
    later = [each for each in gone if each.dataset == reading.dataset.id and each.extracted_at >= reading.extracted_at]
    return frozenset(month for each in later for month in month_range(each.first_month, each.last_month))
