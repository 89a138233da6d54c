"""A flow run that nobody heard of again is closed by what the ledger has of it: nothing else can be known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from perfpipe.dates.months import Month
from perfpipe.history.reasons import REASONS
from perfpipe.ledger.history_records import BackfillRecord
from perfpipe.ledger.records import RunRecord, RunState

pytestmark = pytest.mark.slow
BEGAN = datetime(2018, 6, 4, 12, 15, 7, 123456, tzinfo=UTC)
MAY = Month(2018, 5)
RUN = RunRecord(MAY, MAY - 35, RunState.DONE, "f", None, None, BEGAN, "", "1", "p")
BACKFILL = BackfillRecord(MAY - 1, MAY, "late_records", "", "", "", BEGAN + timedelta(seconds=9))


def end_of(runs: list[RunRecord], backfills: list[BackfillRecord] | None = None, **parameters: str) -> Any:
    """The state in which a run ended that began then; Prefect is imported by the tests that need it alone."""
    from flows.closing import LedgerSays
    from prefect.client.schemas.objects import FlowRun

    run = FlowRun(id=uuid4(), flow_id=uuid4(), start_time=BEGAN, parameters={"workspace": "/w", **parameters})
    return LedgerSays(runs, backfills or []).end_of(run)


def test_one_that_published_is_published() -> None:
    state = end_of([RUN])
    assert state is not None
    assert (state.type.value, state.name) == ("COMPLETED", "Published")
    assert "2018-05 done" in str(state.message)


def test_one_that_found_nothing_new_is_unchanged() -> None:
    state = end_of([replace(RUN, state=RunState.UNCHANGED)])
    assert state is not None
    assert state.name == "Unchanged"


@pytest.mark.parametrize("after", [timedelta(days=-1), timedelta(microseconds=1), timedelta(hours=1)])
def test_what_another_run_published_is_not_its_own(after: timedelta) -> None:
    assert end_of([replace(RUN, run_at=BEGAN + after)]) is None


@pytest.mark.parametrize(
    ("finished", "changes", "is_closed"),
    [
        (BEGAN + timedelta(hours=1), {}, True),
        (None, {}, False),  # it was interrupted, and goes on when it is started again
        (BEGAN - timedelta(hours=1), {}, False),
        (BEGAN + timedelta(hours=1), {"first": "2018-03"}, False),
        (BEGAN + timedelta(hours=1), {"reason": REASONS["first_load"]}, False),
    ],
)
def test_a_backfill_is_closed_when_what_it_asked_for_is_finished(
    finished: datetime | None, changes: dict[str, str], is_closed: bool
) -> None:
    asked = {"first": "2018-04", "last": "2018-05", "reason": REASONS["late_records"]} | changes
    state = end_of([], [replace(BACKFILL, finished_at=finished)], **asked)
    assert (state is not None) is is_closed
