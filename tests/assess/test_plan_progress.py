"""How actions stand on a day, what an extract adds, and how actions and measures are rolled up."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfpipe.assess.plan_progress import Targets, actions_are, outcomes_are, plan_progress
from perfpipe.dates.months import Month
from perfpipe.measures import BY_ID
from perfpipe.measures.definition import Table
from perfpipe.packs.wording.plan_words import targets_words
from perfpipe.plan import (
    Action,
    ActionStatus,
    Audience,
    PackName,
    Plan,
    action_status,
    decisions_on,
    grades_by,
    measures_shown,
    not_in_plan,
    with_extract,
)  # fmt: skip
from perfpipe.plan.progress import ACTION_RULES, OUTCOME_RULES, ActionsAre, OutcomesAre, Progress, rules_printed
from perfpipe.plan.tables import STATUS_MEANS
from tests.builders import check_records
from tests.measure_builders import changed
from tests.plan_builders import KNOWN, PLAN, load

BLUE, GREEN, AMBER, RED = ActionStatus
OCTOBER = date(2017, 10, 31)


def an_action(due: str = "2017-09-30", *history: tuple[str, str]) -> Action:
    steps = tuple({"on": on, "status": status} for on, status in history)
    entry = {"id": "1.1", "recommendation": "1", "what": "x", "owner": "head", "due": due, "history": steps}
    return Action.model_validate(entry)


@pytest.mark.parametrize(
    ("day", "status", "since", "overdue"),
    [
        (date(2017, 6, 13), None, "", False),  # before its first report
        (date(2017, 6, 14), GREEN, "2017-06-14", False),
        (date(2017, 8, 31), GREEN, "2017-06-14", False),
        (date(2017, 9, 1), AMBER, "2017-09-01", False),
        (date(2017, 9, 30), AMBER, "2017-09-01", False),  # the due date itself
        (date(2017, 10, 1), AMBER, "2017-09-01", True),
        (date(2017, 10, 17), AMBER, "2017-09-01", True),
        (date(2017, 10, 18), BLUE, "2017-10-18", False),
        (date(2020, 1, 1), BLUE, "2017-10-18", False),
    ],
)
def test_the_status_of_a_day(day: date, status: ActionStatus | None, since: str, overdue: bool, tmp_path: Path) -> None:
    standing = action_status(load(tmp_path).actions[0], day)
    assert (standing.status, standing.since, standing.overdue) == (status, since, overdue)
    assert standing.done == (status is BLUE)


def test_a_status_repeated_holds_since_it_began() -> None:
    action = an_action("2018-01-01", ("2017-05-01", "red"), ("2017-06-01", "green"), ("2017-07-01", "green"))
    assert action_status(action, OCTOBER).since == "2017-06-01"


def test_an_action_without_a_report_is_overdue_after_its_due_date() -> None:
    assert action_status(an_action("2017-10-30"), OCTOBER).overdue
    assert not action_status(an_action("2017-10-31"), OCTOBER).overdue


def test_a_done_action_that_is_begun_again_is_overdue_again() -> None:
    action = an_action("2017-06-30", ("2017-06-01", "blue"), ("2017-08-01", "amber"))
    assert [action_status(action, date(2017, month, 15)).overdue for month in (7, 8)] == [False, True]


STATUSES = st.lists(st.tuples(st.dates(date(2017, 1, 1), date(2018, 12, 31)), st.sampled_from(ActionStatus)))


@given(STATUSES, st.dates(date(2017, 1, 1), date(2018, 12, 31)))
def test_what_comes_later_does_not_change_the_status_of_a_day(steps: list[tuple[date, ActionStatus]], on: date) -> None:
    history = sorted({day.isoformat(): status.value for day, status in steps}.items())
    until = [step for step in history if step[0] <= on.isoformat()]
    whole, cut = (
        action_status(an_action("2017-06-30", *history), on),
        action_status(an_action("2017-06-30", *until), on),
    )
    assert whole == cut
    assert whole.status == (until[-1][1] if until else None)


def extract(tmp_path: Path, *rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """The typed rows of an actions extract, by way of a file."""
    names = ("action_id", "status", "status_on", "note")
    return check_records(tmp_path, "actions", [dict(zip(names, row, strict=True)) for row in rows]).rows


def test_an_extract_adds_to_the_histories(tmp_path: Path) -> None:
    rows = extract(
        tmp_path,
        ("1.2", "amber", "20/07/2017", "No money"),
        ("1.2", "green", "01/07/2017", ""),
        ("1.1", "red", "01/07/2017", "Ill"),
        ("1.1", "blue", "14/06/2017", "It was done"),  # the plan says green on that day
        ("8.8", "blue", "14/06/2017", ""),
    )
    plan = load(tmp_path)
    after = with_extract(plan, rows)
    told = [[(step.on, step.status, step.note) for step in action.history] for action in after.actions]
    assert told == [
        [("2017-06-14", BLUE, "It was done"), ("2017-07-01", RED, "Ill"), ("2017-09-01", AMBER, ""),
         ("2017-10-18", BLUE, "Done")],
        [("2017-07-01", GREEN, ""), ("2017-07-20", AMBER, "No money")],
    ]  # fmt: skip
    assert not_in_plan(plan, rows) == ("8.8",)
    assert with_extract(after, rows) == after
    assert with_extract(plan, rows.iloc[0:0]) == plan


def test_grades_decisions_and_meetings_of_a_day(tmp_path: Path) -> None:
    plan = load(tmp_path, PLAN.replace('due = "2017-10-18"\ndone_on', 'due = "2017-08-31"\ndone_on'))
    assert grades_by(plan.judgements[0], date(2017, 6, 12)) == ()
    assert [each.grade for each in grades_by(plan.judgements[0], date(2017, 6, 13))] == ["requires_improvement"]
    on = {
        day: [(each.id, str(state)) for each, state in decisions_on(plan, date.fromisoformat(day))]
        for day in ("2017-06-13", "2017-06-14", "2017-08-31", "2017-09-01", "2017-10-17", "2017-10-18")
    }
    assert on == {
        "2017-06-13": [], "2017-06-14": [("D1", "open")], "2017-08-31": [("D1", "open")],
        "2017-09-01": [("D1", "overdue")],
        "2017-10-17": [("D1", "overdue")], "2017-10-18": [("D1", "done")],
    }  # fmt: skip
    assert [meeting.on for meeting in plan.meetings_of(Audience.BOARD)] == ["2017-06-14", "2017-10-18"]
    assert plan.meetings_of(Audience.SCRUTINY) == ()


def test_measures_are_shown_by_the_plans_order_titles_owners_and_packs(tmp_path: Path) -> None:
    text = PLAN + '\n[[measures]]\nid = "missing_episodes"\n'
    plan = load(tmp_path, text)
    board = measures_shown(plan, KNOWN, PackName.BOARD)
    assert [measure.id for measure in board] == ["rhi_offered", "missing_episodes", "children_looked_after"]
    assert (board[0].title, board[0].owner) == ("Interviews offered to children", "Head of Service")
    assert board[1] == BY_ID["missing_episodes"]
    public = measures_shown(plan, KNOWN, PackName.PUBLIC)
    assert [measure.id for measure in public] == ["missing_episodes", "children_looked_after"]


def test_the_measures_of_one_table_stay_together_in_their_own_order(tmp_path: Path) -> None:
    funnel, bridge = Table("funnel", "Funnel", "Steps"), Table("bridge", "Bridge", "Steps")
    episodes, offered, looked_after = KNOWN
    steps = (changed(episodes, table=funnel), looked_after, changed(offered, table=funnel))
    plan = load(tmp_path)  # it names rhi_offered alone
    assert [each.id for each in measures_shown(plan, steps, PackName.BOARD)] == [
        "missing_episodes", "rhi_offered", "children_looked_after",
    ]  # fmt: skip
    other = (*steps[:2], changed(offered, table=bridge))
    assert [each.id for each in measures_shown(plan, other, PackName.BOARD)] == [
        "rhi_offered", "missing_episodes", "children_looked_after",
    ]  # fmt: skip


def figure(measure: str, status: str = "met", movement: str = "better", **changes: str) -> dict[str, str]:
    period = "month_end" if measure == "children_looked_after" else "month"
    row = {"measure_id": measure, "month": "2017-08", "period": period, "breakdown": "all", "state": "ok"}
    return row | {"status": status, "movement": movement, "year_movement": "no clear change"} | changes


def progress(plan: Plan, *figures: dict[str, str], on: date = OCTOBER) -> tuple[Progress, ...]:
    frame = pd.DataFrame(figures or [figure("none", month="1900-01")])
    return plan_progress(plan, frame, on, Month(2017, 8), KNOWN)


def test_progress_of_each_recommendation(tmp_path: Path) -> None:
    plan = load(tmp_path)
    first, second = progress(
        plan,
        figure("rhi_offered", "missed"), figure("children_looked_after", "near", "worse"),
        figure("audits_good", "met", "no clear change"),
        figure("rhi_offered", "met", month="2017-07"), figure("rhi_offered", "met", breakdown="area"),
        figure("rhi_offered", "met", period="quarter"), figure("missing_episodes", "met"),
    )  # fmt: skip
    assert (first.met, first.near, first.missed) == (("audits_good",), ("children_looked_after",), ("rhi_offered",))
    assert (first.improving, first.worsening) == (("rhi_offered",), ("children_looked_after",))
    assert first.actions == {BLUE: 1, GREEN: 0, AMBER: 0, RED: 0, None: 1}
    assert (first.actions_are, first.outcomes_are) == (ActionsAre.NOT_REPORTED, OutcomesAre.MISSED)
    assert first.sentence == "1 of 2 actions done; 1 of 3 targets met, 1 better, 1 worse."
    assert (second.actions_are, second.outcomes_are) == (ActionsAre.NONE, OutcomesAre.NOT_MEASURED)
    assert second.evidence == "no quantitative measure: evidence is an audit"
    assert second.sentence == "No actions; evidence in words only."


def test_what_cannot_be_judged_is_told_apart(tmp_path: Path) -> None:
    plan = load(tmp_path)
    none = progress(plan)[0]
    assert (none.outcomes_are, none.without_figure) == (
        OutcomesAre.NO_DATA,
        ("rhi_offered", "children_looked_after", "audits_good"),
    )
    assert none.sentence == "1 of 2 actions done; no figures for this month."
    hidden = progress(plan, figure("rhi_offered", "no_data", state="not_available"))[0]
    assert hidden.outcomes_are is OutcomesAre.NO_DATA
    untargeted = progress(plan, figure("rhi_offered", "no_target"))[0]
    assert (untargeted.outcomes_are, untargeted.without_target) == (OutcomesAre.NO_TARGET, ("rhi_offered",))
    assert untargeted.sentence == "1 of 2 actions done; no targets."
    undecided = progress(plan, figure("rhi_offered", "not_decided"))[0]
    assert (undecided.outcomes_are, undecided.not_decided, undecided.without_target) == (
        OutcomesAre.NOT_DECIDED,
        ("rhi_offered",),
        (),
    )
    assert undecided.sentence == "1 of 2 actions done; 0 of 1 target met, 1 not decided, 1 better."
    assert targets_words(undecided) == "0 of 1 met, 1 not decided"


def test_overdue_actions_with_owner_the_longest_first(tmp_path: Path) -> None:
    plan = load(tmp_path)
    late = progress(plan, on=date(2018, 1, 1))[0]
    assert [(each.action.id, each.action.due, each.owner) for each in late.overdue] == [
        ("1.2", "2017-12-31", "Head of Service")
    ]
    assert late.actions_are is ActionsAre.LATE
    assert late.sentence.startswith("1 of 2 actions done, 1 overdue;")
    both = progress(with_extract(plan, extract(tmp_path, ("1.1", "red", "19/10/2017", "Undone"))), on=date(2018, 1, 1))
    assert [each.action.id for each in both[0].overdue] == ["1.1", "1.2"]
    assert progress(plan, on=date(2017, 12, 31))[0].overdue == ()


@pytest.mark.parametrize(
    ("counts", "overdue", "expected"),
    [
        ({}, 0, "no actions"), ({BLUE: 3}, 0, "done"), ({BLUE: 3, GREEN: 1}, 0, "on track"),
        ({GREEN: 1}, 0, "on track"),
        ({BLUE: 9, None: 1}, 0, "not reported"), ({AMBER: 1, None: 1}, 0, "at risk"),
        ({AMBER: 9, RED: 1}, 0, "off track"),
        ({BLUE: 9, GREEN: 1}, 1, "late"), ({RED: 1}, 1, "late"),
    ],
)  # fmt: skip
def test_what_actions_come_to(counts: dict[ActionStatus | None, int], overdue: int, expected: str) -> None:
    assert actions_are(counts, overdue) == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((0, 0, 0, 0, 0, 0), "not measured"), ((2, 0, 0, 0, 0, 0), "no data"), ((2, 1, 0, 0, 0, 0), "no target"),
        ((9, 9, 8, 0, 1, 0), "missed"), ((9, 9, 8, 1, 0, 0), "near"), ((9, 9, 1, 0, 0, 0), "met"),
        ((3, 3, 0, 1, 1, 0), "missed"), ((3, 3, 0, 0, 0, 1), "not decided"), ((3, 3, 1, 1, 0, 1), "not decided"),
        ((3, 3, 1, 0, 1, 1), "missed"),
    ],
)  # fmt: skip
def test_what_measures_come_to(counts: tuple[int, int, int, int, int, int], expected: str) -> None:
    measures, with_figure, *targets = counts
    assert outcomes_are(measures, with_figure, Targets(*targets)) == expected


def test_every_answer_has_its_rule_printed() -> None:
    assert [answer for answer, _ in ACTION_RULES] == list(ActionsAre)
    assert [answer for answer, _ in OUTCOME_RULES] == list(OutcomesAre)
    printed = "\n".join(rules_printed())
    assert all(words in printed for _, words in (*ACTION_RULES, *OUTCOME_RULES))


@given(st.dictionaries(st.sampled_from([*ActionStatus, None]), st.integers(0, 5)), st.integers(0, 3))
def test_one_action_off_track_is_not_outweighed(counts: dict[ActionStatus | None, int], overdue: int) -> None:
    answer = actions_are(counts, overdue if sum(counts.values()) else 0)
    if counts.get(RED) and not overdue:
        assert answer is ActionsAre.OFF_TRACK
    if answer is ActionsAre.DONE:
        assert sum(counts.values()) == counts[BLUE]


def test_the_page_says_the_rules_and_statuses_in_the_same_words() -> None:
    page = (Path(__file__).parents[2] / "docs" / "plan.md").read_text(encoding="utf-8")
    assert [words for rules in (ACTION_RULES, OUTCOME_RULES) for answer, words in rules
            if f"| {answer} | {words} |" not in page] == []  # fmt: skip
    told = page.casefold()
    assert [status for status, means in STATUS_MEANS.items() if f"| {status} | {means.casefold()} |" not in told] == []


def test_the_pages_examples_are_entries_of_a_plan() -> None:
    page = (Path(__file__).parents[2] / "docs" / "plan.md").read_text(encoding="utf-8")
    examples = [tomllib.loads(text) for text in re.findall(r"```toml\n(.*?)```", page, re.DOTALL)]
    whole = {"title": "Plan", "recommendations": [{"id": "1", "title": "One"}]}
    assert [next(iter(example)) for example in examples] == [
        "actions", "targets", "owners", "meetings", "decisions", "manual_measures", "measures",
        "counting", "placement_groups",
    ]  # fmt: skip
    assert [Plan.model_validate(whole | example) for example in examples]
