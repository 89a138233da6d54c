"""Look at everything, and say how it is."""

from __future__ import annotations

from datetime import UTC, datetime

from perfpipe.doctor.finding import Finding
from perfpipe.doctor.machine import machine_findings
from perfpipe.doctor.workspace_findings import newest_entry, workspace_findings
from perfpipe.settings.workspace import Workspace


def examine(workspace: Workspace, now: datetime | None = None) -> list[Finding]:
    """How machine and workspace are. Changes nothing but a file that it makes and removes where runs write."""
    at = now or datetime.now(UTC)
    return [*machine_findings(at, newest_entry(workspace)), *workspace_findings(workspace)]
