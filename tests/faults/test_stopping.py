"""Which faults end a run, and what the error that ends it says."""

from __future__ import annotations

import pytest

from perfpipe.faults.fault import Fault
from perfpipe.faults.stopping import StoppingFaults, stop_on
from perfpipe.rules.rule import Severity


def fault(severity: Severity) -> Fault:
    return Fault("placements", "2018-05/placements.csv", "", 0, "", "rule", severity, "found", "expected", "what to do")


def test_nothing_but_faults_of_severity_stop_ends_a_run() -> None:
    stop_on([])
    stop_on([fault(severity) for severity in Severity if severity is not Severity.STOP])
    both = [fault(Severity.STOP), fault(Severity.STOP)]
    with pytest.raises(StoppingFaults, match="stopped by 2 faults") as stopped:
        stop_on([fault(Severity.WARN), *both, fault(Severity.EXCLUDE)])
    assert stopped.value.faults == both
