"""The revisions of a plan that are kept, and which of them was the plan on a day."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from perfpipe.dates.months import Month
from perfpipe.ledger.records import RunRecord, RunState
from perfpipe.measures import BY_ID
from perfpipe.measures.definition import Measure
from perfpipe.plan import Plan
from perfpipe.plan.revisions import PlanRevision, chosen_plan, history_lines, load_revision, plan_revisions, read_once
from perfpipe.plan.write import keep_copy
from perfpipe.toml_files.models import SettingsError
from tests.plan_builders import KNOWN, PLAN

JUNE, OCTOBER, PRESENT = (PLAN.replace("2017-10-31", day) for day in ("2017-06-30", "2017-10-31", "2018-01-31"))


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def run(number: int, text: str, state: RunState = RunState.DONE) -> RunRecord:
    at, month = datetime(2018, 1, number, tzinfo=UTC), Month(2017, 12)
    return RunRecord(month, month, state, "", None, None, at, "", "", sha(text), id=number)


def kept(folder: Path, *texts: str, runs: tuple[RunRecord, ...] = ()) -> tuple[PlanRevision, ...]:
    """The revisions in a folder where each text was the plan in turn; the last one is."""
    plan = folder / "plan.toml"
    for text in texts:
        plan.write_bytes(text.encode())
        keep_copy(plan)
    return plan_revisions(plan, runs)


def refused(plans: tuple[PlanRevision, ...], of: str) -> str:
    with pytest.raises(SettingsError) as refusal:
        chosen_plan(plans, of)
    return str(refusal.value)


def test_the_plan_of_a_day_is_the_latest_revision_by_then(tmp_path: Path) -> None:
    plans = kept(tmp_path, JUNE, OCTOBER, PRESENT)
    assert [each.revised_on for each in plans] == ["2017-06-30", "2017-10-31", "2018-01-31"]
    days = ("2017-06-30", "2017-10-30", "2017-10-31", "2018-01-30", "2018-01-31", "2019-01-01")
    found = [chosen_plan(plans, day).revised_on for day in days]
    assert found == ["2017-06-30", "2017-06-30", "2017-10-31", "2017-10-31", "2018-01-31", "2018-01-31"]
    assert [each.is_present for each in plans] == [False, False, True]
    assert chosen_plan(plans, sha(OCTOBER)[:6]).path.read_text(encoding="utf-8") == OCTOBER


def test_what_is_not_kept_is_told_with_what_is(tmp_path: Path) -> None:
    plans = kept(tmp_path, JUNE, PRESENT)
    lists = "`perfpipe plan history` lists those that are saved"
    assert refused(plans, "2017-06-29") == (
        f"--plan-of 2017-06-29: no saved plan was revised by then; the earliest is of 2017-06-30; {lists}"
    )
    assert refused(plans, "000000") == f"--plan-of 000000: no saved plan has a hash that begins like this; {lists}"
    assert refused(plans, "2017-02-30") == "--plan-of 2017-02-30: there is no such day"
    assert "expected a day, YYYY-MM-DD, or the first 6 characters or more of a hash" in refused(plans, "January")


def test_of_two_revisions_of_one_day_the_one_used_last_counts(tmp_path: Path) -> None:
    other = JUNE.replace("Do it", "Do it now")
    unused = kept(tmp_path, JUNE, other, PRESENT)
    assert "were both revised on 2017-06-30; name one by its hash" in refused(unused, "2017-07-01")
    used = kept(tmp_path, PRESENT, runs=(run(1, other), run(2, JUNE), run(3, other, RunState.UNCHANGED)))
    assert chosen_plan(used, "2017-07-01").sha256 == sha(JUNE)


def test_plan_toml_counts_before_a_copy_of_the_same_day(tmp_path: Path) -> None:
    other = PRESENT.replace("Do it", "Do it now")
    plans = kept(tmp_path, other, PRESENT, runs=(run(1, other),))
    assert chosen_plan(plans, "2018-02-01").is_present


def test_a_copy_that_was_changed_is_no_revision(tmp_path: Path) -> None:
    kept(tmp_path, JUNE, PRESENT)
    copy = tmp_path / "earlier_plans" / f"{sha(JUNE)}.toml"
    copy.write_text(copy.read_text(encoding="utf-8").replace("0.80", "0.70"), encoding="utf-8")
    assert [each.revised_on for each in plan_revisions(tmp_path / "plan.toml", ())] == ["2018-01-31"]


def test_the_history_says_which_runs_used_a_revision(tmp_path: Path) -> None:
    plans = kept(tmp_path, JUNE, OCTOBER, PRESENT, runs=(run(1, JUNE), run(2, JUNE), run(3, PRESENT)))
    used = "first used by run 1 of 2017-12 (2018-01-01), last by run 2 of 2017-12 (2018-01-02)"
    assert history_lines(plans) == [
        f"2017-06-30  {sha(JUNE)[:12]}  {used}",
        f"2017-10-31  {sha(OCTOBER)[:12]}  used by no run",
        f"2018-01-31  {sha(PRESENT)[:12]}  first used by run 3 of 2017-12 (2018-01-03); the current plan.toml",
    ]  # fmt: skip


def test_a_plan_of_its_time_is_not_held_to_the_measures_of_today(tmp_path: Path) -> None:
    path = tmp_path / "old.toml"
    path.write_text(PLAN.replace('measures = ["rhi_offered"]', 'measures = ["rhi_offered", "since_gone"]'), "utf-8")
    today = (*KNOWN, BY_ID["audits_good"], BY_ID["leavers"])
    plan = load_revision(path, today)
    assert plan.measures_of(plan.recommendations[0]) == (
        "rhi_offered", "since_gone", "audits_good", "children_looked_after",
    )  # fmt: skip
    assert plan.manual_measures == ()  # what was typed then is computed today


def test_a_placeholder_of_its_time_stands(tmp_path: Path) -> None:
    path = tmp_path / "old.toml"
    path.write_text(
        PLAN.replace('source = "Audit log"', 'source = "TBC"').replace('what = "Do it"', 'what = "-"'), "utf-8"
    )
    plan = load_revision(path, KNOWN)
    assert (plan.manual_measures[0].source, plan.actions[0].what) == ("TBC", "-")


def test_a_target_of_another_form_is_told_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "old.toml"
    path.write_text(PLAN.replace('low = "580", high = "630"', 'target = "630"'), "utf-8")
    with pytest.raises(SettingsError, match=r"targets\.children_looked_after\.steps\.0: expected low and high"):
        load_revision(path, KNOWN)


def test_a_copy_that_was_changed_is_kept_anew(tmp_path: Path) -> None:
    (kept_now,) = kept(tmp_path, PRESENT)
    copy = keep_copy(kept_now.path)
    copy.write_text("changed by hand", encoding="utf-8")
    assert keep_copy(kept_now.path).read_bytes() == PRESENT.encode()


def test_a_plan_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(JUNE, encoding="utf-8")

    def slow(file: Path, measures: tuple[Measure, ...]) -> Plan:
        plan = load_revision(file, measures)
        file.write_text(PRESENT, encoding="utf-8")
        return plan

    with pytest.raises(SettingsError, match="was changed while it was being read"):
        read_once(path, slow, KNOWN)
    assert read_once(path, load_revision, KNOWN)[1] == PRESENT.encode()
