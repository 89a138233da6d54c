"""Which declared corrections are still needed: one fails once the source has been corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from perfpipe.datasets import BY_ID
from perfpipe.faults.fault import Address, Fault, fault_of
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import CorrectionResult
from perfpipe.rules.between import (
    CORRECTION_NEEDED_BEFORE,
    CORRECTION_NO_RECORD,
    CORRECTION_NOT_NEEDED,
    CORRECTION_OF_REPEATED_RECORD,
    CORRECTION_SEVERAL,
)
from perfpipe.settings.corrections import FILE, Correction
from perfpipe.settings.settings import Settings
from perfpipe.settings.workspace import Workspace
from perfpipe.validate.apply_corrections import correction_id
from perfpipe.validate.fault_identity import identity_key
from perfpipe.validate.months_covered import folder_months
from perfpipe.validate.reading import Reading


def corrections_still_needed(
    workspace: Workspace, settings: Settings, ledger: Ledger, readings: Sequence[Reading]
) -> list[Fault]:
    """The corrections that cannot be used: corrected at source, of no record, or of several. Each stops a run.

    Of all extracts that hold the record, the one made last decides whether the source has been corrected.
    """
    if not settings.corrections:
        return []
    outcomes: dict[str, dict[str, CorrectionResult]] = {}
    for reading_id, met in ledger.corrections_met([reading.id for reading in readings]).items():
        for each in met:
            outcomes.setdefault(each.correction, {})[reading_id] = each.outcome
    key = identity_key(workspace)
    faults = []
    for number, correction in enumerate(settings.corrections, 1):
        name = correction_id(correction, key)
        holding = [r for r in readings if r.id in outcomes.get(name, {}) and _in_scope(correction, r, settings)]
        holding.sort(key=lambda reading: (reading.extracted_at, reading.extract_id))
        at = Address(correction.dataset, f"{FILE}, entry {number}", column=correction.column)
        faults += _faults(correction, at, holding, outcomes.get(name, {}))
    return faults


def _in_scope(correction: Correction, reading: Reading, settings: Settings) -> bool:
    return correction.applies_to(folder_months(reading.folder, settings)[1])


def _faults(
    correction: Correction, at: Address, holding: Sequence[Reading], outcomes: Mapping[str, CorrectionResult]
) -> list[Fault]:
    """What is wrong with one correction, given the extracts that hold its record; nothing if it is still needed."""
    if not holding:
        return [fault_of(CORRECTION_NO_RECORD, at, "no extract that it applies to has the record and the column")]
    several = [reading for reading in holding if outcomes[reading.id] is CorrectionResult.SEVERAL]
    if several:
        found = f"several records of {several[-1].name} have this key"
        more = sorted(set(BY_ID[correction.dataset].key) - set(correction.key))
        if not more:
            return [fault_of(CORRECTION_OF_REPEATED_RECORD, at, found)]
        return [fault_of(CORRECTION_SEVERAL, at, found, columns=", ".join(more))]
    newest = holding[-1]
    if outcomes[newest.id] is CorrectionResult.APPLIED:
        return []
    found = f"{newest.name} does not have the value in `from`: the source has corrected or changed it"
    before = [reading.folder for reading in holding if outcomes[reading.id] is CorrectionResult.APPLIED]
    if before:
        return [fault_of(CORRECTION_NEEDED_BEFORE, at, found, until=before[-1])]
    return [fault_of(CORRECTION_NOT_NEEDED, at, found)]
