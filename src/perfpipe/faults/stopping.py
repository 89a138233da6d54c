"""Faults that stop a run."""

from __future__ import annotations

from collections.abc import Sequence

from perfpipe.faults.fault import Fault
from perfpipe.rules.rule import Severity


class StoppingFaults(Exception):
    """Faults of severity `stop`: nothing was computed or published. `faults` says what and where."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} fault(s) stop the run; `perfpipe check` lists them")
        self.faults = list(faults)


def stop_on(faults: Sequence[Fault]) -> None:
    """Raise StoppingFaults with those of severity `stop`; nothing where there are none."""
    if stops := [fault for fault in faults if fault.severity is Severity.STOP]:
        raise StoppingFaults(stops)
