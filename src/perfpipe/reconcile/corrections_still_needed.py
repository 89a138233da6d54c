"""Which declared corrections still stand: one fails once the source has been mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from perfpipe.datasets import BY_ID
from perfpipe.datasets.definition import Severity
from perfpipe.faults.fault import Fault
from perfpipe.ledger.ledger import Ledger
from perfpipe.settings.corrections import FILE, Correction
from perfpipe.settings.settings import Settings
from perfpipe.settings.workspace import Workspace
from perfpipe.validate.apply_corrections import APPLIED, SEVERAL, correction_id
from perfpipe.validate.fault_identity import identity_key
from perfpipe.validate.months_covered import folder_months
from perfpipe.validate.reading import Reading


def corrections_still_needed(
    workspace: Workspace, settings: Settings, ledger: Ledger, readings: Sequence[Reading]
) -> list[Fault]:
    """The corrections that cannot stand: mended at source, of no record, or of several. Each stops a run.

    Of all extracts that hold the record, the one made last decides whether the source has been mended.
    """
    if not settings.corrections:
        return []
    outcomes: dict[str, dict[str, str]] = {}
    for row in ledger.corrections_met([reading.id for reading in readings]):
        outcomes.setdefault(row["correction"], {})[row["reading_id"]] = row["outcome"]
    key = identity_key(workspace)
    faults = []
    for number, correction in enumerate(settings.corrections, 1):
        name = correction_id(correction, key)
        holding = [r for r in readings if r.id in outcomes.get(name, {}) and _in_scope(correction, r, settings)]
        holding.sort(key=lambda reading: (reading.extracted_at, reading.extract_id))
        problem = _problem(correction, holding, outcomes.get(name, {}))
        if problem:
            faults.append(_fault(correction, number, *problem))
    return faults


def _in_scope(correction: Correction, reading: Reading, settings: Settings) -> bool:
    return correction.applies_to(folder_months(reading.folder, settings)[1])


def _problem(
    correction: Correction, holding: Sequence[Reading], outcomes: Mapping[str, str]
) -> tuple[str, str, str, str] | None:
    """Rule, what was found, what was expected, and what to do; None for a correction that stands."""
    if not holding:
        found = "no extract that it applies to has the record and the column"
        do = "Compare `key`, `since` and `until` with the extract, or remove the entry."
        return "correction_no_record", found, "the key of one record, in at least one extract", do
    several = [reading for reading in holding if outcomes[reading.id] == SEVERAL]
    if several:
        where = f"{several[-1].folder}/{several[-1].files[0]}"
        more = sorted(set(BY_ID[correction.dataset].key) - set(correction.key))
        do = f"Add to `key` the value of {', '.join(more)}." if more else "Have the repeated record removed at source."
        return "correction_several", f"several records of {where} have the key", "the key of one record", do
    newest = holding[-1]
    if outcomes[newest.id] == APPLIED:
        return None
    found = f"{newest.folder}/{newest.files[0]} does not say what `from` says: the source was mended, or changed"
    before = [reading.folder for reading in holding if outcomes[reading.id] == APPLIED]
    do = "Remove the entry."
    if before:
        do = f'Remove the entry, or, if earlier months still need it, add `until = "{before[-1]}"` to it.'
    return "correction_not_needed", found, "a correction of what the newest extract still has wrong", do


def _fault(correction: Correction, number: int, rule: str, found: str, expected: str, do: str) -> Fault:
    return Fault(
        dataset=correction.dataset, file=f"{FILE}, entry {number}", sheet="", row=0, column=correction.column,
        rule=rule, severity=Severity.STOP, found=found, expected=expected, what_to_do=do,
    )  # fmt: skip
