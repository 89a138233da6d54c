"""Judge: the severity of a fault, as the settings have it. Every fault passes here once, where it is found."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from pydantic import Field

from perfpipe.datasets import BY_ID
from perfpipe.faults.fault import Fault
from perfpipe.rules.rule import OFF, Severity
from perfpipe.toml_files.models import Strict


class SeverityTables(Protocol):
    """What the settings say of severities."""

    @property
    def severities(self) -> Mapping[str, str]:
        """`[severities]`: by rule."""

    @property
    def accepted(self) -> Sequence[AcceptedFault]:
        """`[[accepted]]`: what has been accepted."""


def judged(faults: Iterable[Fault], settings: SeverityTables, extract_id: str = "") -> list[Fault]:
    """The faults with the severities of `[severities]` and `[[accepted]]`; those that are switched off are left out.

    A fault that leaves a row out goes on doing so: it can become `stop`, and nothing less than `exclude`; in a dataset
    whose files are refused whole, nothing less than `stop`.
    """
    made = (_judged(fault, settings, extract_id) for fault in faults)
    return [fault for fault in made if fault is not None]


def _judged(fault: Fault, settings: SeverityTables, extract_id: str) -> Fault | None:
    severity = settings.severities.get(fault.rule, fault.severity.value)
    if severity == OFF:
        return None
    if fault.severity is Severity.EXCLUDE and severity != Severity.STOP:
        refused = fault.dataset in BY_ID and BY_ID[fault.dataset].refused_whole
        severity = (Severity.STOP if refused else Severity.EXCLUDE).value
    accepted = next((x for x in accepted_of(settings, extract_id) if x.rule == fault.rule), None)
    if accepted and severity in (Severity.STOP, Severity.EXCLUDE):
        said = f"Accepted in perfpipe.toml: {accepted.reason}"
        severity = (Severity.WARN if severity == Severity.STOP else Severity.EXCLUDE).value
        return dataclasses.replace(fault, severity=Severity(severity), what_to_do=said)
    return fault if severity == fault.severity else dataclasses.replace(fault, severity=Severity(severity))


def of_erased(faults: Iterable[Fault]) -> list[Fault]:
    """Faults of an extract from which rows were erased: it was used with them, so none of what is left stops a run.

    What showed how a column is written may have stood in the rows that went, as the one date with a day above 12.
    """
    return [
        dataclasses.replace(fault, severity=Severity.WARN) if fault.severity is Severity.STOP else fault
        for fault in faults
    ]


def accepted_of(settings: SeverityTables, extract_id: str) -> list[AcceptedFault]:
    """What the settings accept of one extract."""
    return [x for x in settings.accepted if extract_id and extract_id.startswith(x.extract)]


class AcceptedFault(Strict):
    """One extract's fault that has been looked at and accepted: it warns where it would stop.

    One that leaves rows out goes on doing so, and no longer withholds the figures that lost many (definitions 2.6).
    """

    extract: str = Field(pattern=r"^[0-9a-f]{12,64}$")
    rule: str
    reason: str = Field(min_length=1)
