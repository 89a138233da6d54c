"""Faults that stop a run."""

from __future__ import annotations

from collections.abc import Sequence

from perfpipe.faults.fault import Fault
from perfpipe.phrases.counted_nouns import count_of
from perfpipe.rules.rule import Severity


class StoppingFaults(Exception):
    """Faults of severity `stop`: nothing was computed or published. `faults` says what and where."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"stopped by {count_of(len(faults), 'fault')}: see `perfpipe check`")
        self.faults = list(faults)


def stop_on(faults: Sequence[Fault]) -> None:
    """Raise StoppingFaults with those of severity `stop`; nothing where there are none."""
    if stops := [fault for fault in faults if fault.severity is Severity.STOP]:
        raise StoppingFaults(stops)
