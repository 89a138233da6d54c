"""What is older than it is kept goes, but for what figures still need; what was published stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from perfpipe.dates.months import LONDON, Month
from perfpipe.erase.commands import retain, retain_where_set
from perfpipe.erase.erasure_plan import ErasurePlan
from perfpipe.ledger.ledger import Ledger
from perfpipe.run import run_month
from perfpipe.settings.workspace import Workspace
from perfpipe.verify import verify_workspace
from tests.erase import worlds

pytestmark = pytest.mark.slow

NAMES = ("placements.xlsx", "return_home_interviews.csv", "social_workers.csv")
LATER = datetime(2040, 1, 31, 12, tzinfo=UTC)


def kept_for(workspace: Workspace, **months: int) -> None:
    with open(workspace.settings_file, "a", encoding="utf-8") as settings:
        settings.write("\n[retention]\n" + "".join(f"{name} = {number}\n" for name, number in months.items()))


def retained(workspace: Workspace, *, also_needed: bool = False, now: datetime = LATER) -> ErasurePlan:
    done = retain(workspace, "", lambda _: True, also_needed=also_needed, now=now)
    assert done is not None
    return done


def test_what_figures_need_stays_and_is_listed(planted: Workspace) -> None:
    """May's extracts speak for April, too: April's own are needed for nothing, and leave no figure frozen."""
    kept_for(planted, extracts=12, corrections=12)
    figures = worlds.published(planted)
    plan = retained(planted)
    assert {each.place.split("/")[0] for each in plan.files} == {worlds.FIRST}
    assert all(each.whole for each in plan.files)
    assert plan.refused == tuple(sorted(f"{worlds.LAST}/{name}" for name in NAMES))
    assert (plan.frozen, plan.corrections) == (frozenset(), 0)
    assert [path.name for path in sorted((planted.raw / worlds.LAST).iterdir())] == sorted(NAMES)
    assert verify_workspace(planted).problems == ()
    run_month(planted, Month.parse(worlds.LAST))
    pd.testing.assert_frame_equal(worlds.published(planted), figures)
    assert retained(planted).is_empty


def test_each_night_nothing_goes_unless_it_is_set(planted: Workspace) -> None:
    before = worlds.places_with(planted)
    assert retain_where_set(planted) == ""
    kept_for(planted, extracts=1200)
    assert retain_where_set(planted) == ""
    assert worlds.places_with(planted) == before
    ledger = Ledger.open(planted.processed)
    assert ledger.erasures() == []
    ledger.close()


def test_restricted_workbooks_and_corrections_go_by_their_age(planted: Workspace) -> None:
    kept_for(planted, restricted_workbooks=24)
    assert retained(planted, now=datetime.now(UTC)).is_empty
    board = worlds.board_files(planted)
    plan = retained(planted)
    assert len(plan.workbooks) == 2
    assert plan.frozen == frozenset()
    assert not [place for place in worlds.places_with(planted) if "/analyst/" in place]
    assert worlds.board_files(planted) == board
    assert verify_workspace(planted).problems == ()
    assert retained(planted).is_empty


@pytest.mark.soak
def test_what_came_so_many_months_ago_to_the_day_still_stays(planted: Workspace) -> None:
    """April's extracts, which nothing needs, and both workbooks are of one day: they go on the day after."""
    kept_for(planted, extracts=12, restricted_workbooks=12)
    ledger = Ledger.open(planted.processed)
    came = {each.delivery.received_at.astimezone(LONDON) for each in ledger.extracts_ever()}
    ledger.close()
    to_the_day = (pd.Timestamp(max(came)) + pd.DateOffset(years=1)).replace(hour=23).to_pydatetime()
    assert retained(planted, now=to_the_day).is_empty
    plan = retained(planted, now=to_the_day + timedelta(days=1))
    assert (len(plan.files), len(plan.workbooks)) == (len(NAMES), 2)


def test_extracts_that_go_although_needed_leave_their_published_figures(planted: Workspace) -> None:
    kept_for(planted, extracts=12, corrections=12, restricted_workbooks=12)
    figures, board = worlds.published(planted), worlds.board_files(planted)
    plan = retained(planted, also_needed=True)
    assert plan.refused == ()
    assert {measure for measure, _, _ in plan.frozen} == set(figures["measure_id"])
    assert not list(planted.raw.glob("2018-*/*.csv")) + list(planted.raw.glob("2018-*/*.xlsx"))
    assert worlds.places_with(planted) == []
    assert verify_workspace(planted).problems == ()
    assert worlds.board_files(planted) == board
    run_month(planted, Month.parse(worlds.LAST), allow_empty=True)
    pd.testing.assert_frame_equal(worlds.published(planted), figures)
