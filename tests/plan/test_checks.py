"""What does not fit together in a plan is told before any data is read, with line and key, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfpipe.measures import MEASURES
from perfpipe.measures.definition import Measure
from perfpipe.plan import load_plan
from perfpipe.settings.settings import SettingsError
from perfpipe_sample import PLAN_FILE
from tests.plan_builders import KNOWN, PLAN, load

ACTION = '\n[[actions]]\nid = "9"\nrecommendation = "1"\nwhat = "x"\nowner = "head"\ndue = "2017-10-30"\n'
WRONG = [
    # what is written, what stands there instead, the key that is told, what is told
    ('[targets.rhi_offered]', "[targets.rhi_ofered]", "targets.rhi_ofered", "no measure 'rhi_ofered'"),
    ('owner = "head"\ndue = "2017-09-30"', 'owner = "nobody"\ndue = "2017-09-30"', "actions.0.owner",
     "no owner 'nobody'; expected one of head"),
    ('owner = "head"\ndefinition', 'owner = "x"\ndefinition', "manual_measures.0.owner", "no owner 'x'"),
    ('owner = "head"\ndue = "2017-10-18"', 'owner = "x"\ndue = "2017-10-18"', "decisions.0.owner", "no owner 'x'"),
    ('owner = "head"\npacks', 'owner = "x"\npacks', "measures.0.owner", "no owner 'x'"),
    ('recommendation = "1"\nwhat = "Do it"', 'recommendation = "7"\nwhat = "Do it"', "actions.0.recommendation",
     "'7' is not in the plan; expected one of 1, 2"),
    ('recommendation = "1"\nsource = "Council', 'recommendation = "7"\nsource = "Council',
     "targets.children_looked_after.recommendation", "'7' is not in the plan"),
    ('["risk", "plan"]\nrecommendation = "1"', '["risk", "plan"]\nrecommendation = "7"',
     "manual_measures.0.recommendation", "'7' is not in the plan"),
    ('without_recommendation = ["missing_episodes"]\n', "", "without_recommendation",
     "the measure 'missing_episodes' is under no recommendation"),
    ('["missing_episodes"]', '["missing_episodes", "nothing"]', "without_recommendation", "no measure 'nothing'"),
    ('["missing_episodes"]', '["missing_episodes", "missing_episodes"]', "without_recommendation", "listed twice"),
    ('evidence = "no quantitative measure: evidence is an audit"\n', "", "recommendations.1.evidence",
     "has neither measures nor evidence"),
    ("no quantitative measure: evidence is an audit", "An audit", "recommendations.1.evidence", "words that begin"),
    ("evidence is an audit", "evidence is ", "recommendations.1.evidence", "words that begin"),
    (ACTION, ACTION, "actions.2.history", "was due on 2017-10-30, before this revision (2017-10-31)"),
    ('revised_on = "2017-10-31"\n', "", "revised_on", "is missing"),
    ('"2017-10-18", status = "blue"', '"2017-11-01", status = "blue"', "actions.0.history.2.on", "is after the day"),
    ('"2017-09-01", status', '"2017-06-13", status', "actions.0.history.1.on", "does not follow 2017-06-14"),
    ('"2017-09-01", status', '"2017-06-14", status', "actions.0.history.1.on", "each day once"),
    ('status = "amber"', 'status = "purple"', "actions.0.history.1.status", "'blue', 'green', 'amber' or 'red'"),
    ('id = "1.2"', 'id = "1.1"', "actions.1.id", "'1.1' is used twice"),
    ('id = "head"\n', 'id = "head"\nrole = "x"\n[[owners]]\nid = "head"\n', "owners.1.id", "'head' is used twice"),
    ('id = "audits_good"', 'id = "missing_episodes"', "manual_measures.0.id", "is already the measure"),
    ('id = "audits_good"', 'id = "target"', "manual_measures.0.id", "is the name of a column of figures"),
    ('code = "R1-02"', 'code = "RHI-03"', "manual_measures.0.code", "is already the measure"),
    ('id = "audits_good"', 'id = "Audits"', "manual_measures.0.id", "should match pattern"),
    ('groups = ["risk", "plan"]', 'groups = ["risk", "risk"]', "manual_measures.0.groups", "named twice"),
    ('unit = "percent"', 'unit = "hours"', "manual_measures.0", "expected the unit percent or count"),
    ('unit = "percent"', 'unit = "percent"\nperiod = "cohort"', "manual_measures.0", "expected the period month"),
    ('target = "0.5"', 'target = "50"', "targets.audits_good.steps.0.target", "50 is not a proportion"),
    ('target = "0.5"', 'low = "0.5", high = "0.6"', "targets.audits_good.steps.0", "expected target"),
    ('polarity = "high"', 'polarity = "none"', "targets.audits_good", "cannot have a target"),
    ('from = "2017-10", agreed', 'from = "2017-09", agreed', "targets.rhi_offered.steps.1.from",
     "2017-09 is before the change was agreed, 2017-10-18; judged months do not change"),
    ('agreed_on = "2017-10-18"', 'agreed_on = "2017-11-01"', "targets.rhi_offered.steps.1.agreed_on", "is after"),
    ('"2017-06-13", grade', '"2017-11-01", grade', "judgements.0.grades.0.on", "is after the day of this revision"),
    ('agreed_on = "2017-10-18"', 'agreed_on = "0217-10-18"', "targets.rhi_offered.steps.1.agreed_on", "1900 or later"),
    ('data_to = "2017-08"', 'data_to = "2017-10"', "meetings.1.data_to", "2017-10 had not ended on 2017-10-18"),
    ('on = "2017-10-18"\naudience', 'on = "2017-08-31"\naudience', "meetings.1.data_to", "2017-08 had not ended"),
    ('on = "2017-10-18"\naudience', 'on = "2017-06-14"\naudience', "meetings.1.on", "is listed already"),
    ('meeting = "2017-06-14"', 'meeting = "2017-06-15"', "decisions.0.meeting", "no board meeting on 2017-06-15"),
    ('meeting = "2017-06-14"', 'meeting = "2017-06-14"\naudience = "scrutiny"', "decisions.0.meeting",
     "no scrutiny meeting on 2017-06-14"),
    ('done_on = "2017-10-18"', 'done_on = "2017-11-01"', "decisions.0.done_on", "is after the day of this revision"),
    ('done_on = "2017-10-18"', 'done_on = "2017-06-13"', "decisions.0.done_on", "before the meeting that decided it"),
    ('due = "2017-10-18"', 'due = "2017-06-13"', "decisions.0.due", "before the meeting that decided it"),
    ('packs = ["board"]', 'packs = ["bord"]', "measures.0.packs.0", "found 'bord'"),
    ('id = "rhi_offered"\ntitle', 'id = "rhi"\ntitle', "measures.0.id", "no measure 'rhi'"),
    ('title = "Plan"', 'title = "TBC"', "title", "expected a text in words, not a placeholder; found 'TBC'"),
    ('title = "One"', 'title = "-"', "recommendations.0.title", "not a placeholder; found '-'"),
    ("evidence is an audit", "evidence is TODO", "recommendations.1.evidence", "words that begin"),
    ('measures = ["rhi_offered"]', 'measures = ["rhi_offered"]\nevidence = "tbc"', "recommendations.0.evidence",
     "not a placeholder; found 'tbc'"),
    ('role = "Head of Service"', 'role = "to be confirmed"', "owners.0.role", "not a placeholder"),
    ('title = "Audits graded good"', 'title = "xxx"', "manual_measures.0.title", "not a placeholder; found 'xxx'"),
    ("Of the audits of the month, those graded good", "TODO", "manual_measures.0.definition", "found 'TODO'"),
    ("Of the audits of the month, those graded good", "TODO: ask the audit team", "manual_measures.0.definition",
     "not a placeholder"),
    ("It shows the quality", ".", "manual_measures.0.why_it_matters", "not a placeholder; found '.'"),
    ("It shows the quality", "Shows quality", "manual_measures.0.why_it_matters",
     "expected why it matters, in at least 3 words; found 'Shows quality'"),
    ('source = "Audit log"', 'source = "tbc"', "manual_measures.0.source", "not a placeholder; found 'tbc'"),
    ('source = "Council Plan"', 'source = "TBD"', "targets.children_looked_after.source", "not a placeholder"),
    ('source = "Board, decision D1"', 'source = "\u2013"', "targets.rhi_offered.steps.1.source", "not a placeholder"),
    ('what = "Do it"', 'what = "..."', "actions.0.what", "not a placeholder; found '...'"),
    ('what = "Do it"', 'what = " "', "actions.0.what", "expected at least 1 character"),
    ('what = "Do it"', 'what = "Do\\u200b it"', "actions.0.what", "invisible characters"),
    ('id = "1.1"', 'id = "1.\\n1"', "actions.0.id", "expected one line"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "key", "words"), WRONG, ids=[f"{w[2]} {w[3][:20]}" for w in WRONG])
def test_a_wrong_plan_is_refused_with_its_key(old: str, new: str, key: str, words: str, tmp_path: Path) -> None:
    text = PLAN + new if old == new else PLAN.replace(old, new, 1)
    assert text != PLAN
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, text)
    told = [problem for problem in caught.value.problems if f": {key}: " in problem and words in problem]
    assert len(told) == 1, caught.value.problems
    assert ", line " in told[0] or key in ("revised_on", "without_recommendation")


RIGHT = [
    (ACTION, ACTION.replace("2017-10-30", "2017-10-31")),  # due on the day of the revision: not past due
    (ACTION, ACTION + 'history = [{ on = "2017-10-31", status = "red" }]'),
    ('from = "2017-10", agreed', 'from = "2017-11", agreed'),
    ('agreed_on = "2017-10-18"', 'agreed_on = "2017-10-31"'),
    ('target = "0.90"', 'target = "1"'),
    ('data_to = "2017-08"', 'data_to = "2017-09"'),
    ('on = "2017-10-18"\naudience = "board"\ndata_to = "2017-08"',
     'on = "2017-06-14"\naudience = "scrutiny"\ndata_to = "2017-05"'),
    ('done_on = "2017-10-18"\n', ""),
    ('done_on = "2017-10-18"', 'done_on = "2017-10-31"'),
    ('due = "2017-10-18"', 'due = "2017-06-14"'),
    ('owner = "head"\npacks = ["board"]\n', ""),
    ('evidence = "no quantitative measure', 'evidence = "No quantitative measure'),
    ('measures = ["rhi_offered"]', 'measures = ["rhi_offered"]\nevidence = "Minutes"'),
    ('title = "Audits graded good"', 'title = "Turnover"'),
    ("It shows the quality", "It shows quality"),
    ('source = "Audit log"', 'source = "The log of Ms Xxavier, TBC Ltd"'),
    ('note = "Begun"', 'note = "tbc"'),  # what an owner reports is as the owner has it
    ('measures = ["rhi_offered"]\n', ""),  # its targets say which measures serve it
    ('unit = "percent"', 'unit = "percent"\nperiod = "quarter"'),
    ('what = "Do it"', 'what = "Do\\u00a0it\\r\\nnow"'),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), RIGHT, ids=[new[:40] for _, new in RIGHT])
def test_what_comes_nearest_to_a_mistake_is_none(old: str, new: str, tmp_path: Path) -> None:
    text = PLAN + new if old == ACTION else PLAN.replace(old, new, 1)
    assert text != PLAN
    assert load(tmp_path, text)


def test_mistakes_of_all_kinds_are_told_at_once_and_none_twice(tmp_path: Path) -> None:
    text = PLAN.replace('role = "Head of Service"', 'rolle = "Head"')  # the owner is still known by its id
    text = text.replace('status = "amber"', 'status = "purple"').replace('due = "2017-12-31"', 'due = "31/12/2017"')
    text = text.replace('data_to = "2017-08"', 'data_to = "2017-10"')
    text += ACTION.replace('owner = "head"', 'owner = "nobody"')
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, text)
    keys = sorted(problem.split(": ")[1] for problem in caught.value.problems)
    assert keys == [
        "actions.0.history.1.status", "actions.1.due", "actions.2.history", "actions.2.owner", "meetings.1.data_to",
        "owners.0.role", "owners.0.rolle",
    ]  # fmt: skip


def test_measures_of_one_table_stand_where_one_of_them_does(tmp_path: Path) -> None:
    by_table: dict[str, list[Measure]] = {}
    for measure in MEASURES:
        if measure.shown.table:
            by_table.setdefault(measure.shown.table.id, []).append(measure)
    one, other = list(by_table.values())[:2]
    path = tmp_path / "plan.toml"
    path.write_text(PLAN, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_plan(path, (*KNOWN, *one, *other))
    assert [problem.split("'")[1] for problem in caught.value.problems] == [one[0].id, other[0].id]
    path.write_text(PLAN.replace('["missing_episodes"]', f'["missing_episodes", "{one[1].id}"]'), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_plan(path, (*KNOWN, *one, *other))
    assert [problem.split("'")[1] for problem in caught.value.problems] == [other[0].id]


def test_mistakes_at_the_top_of_the_file_hide_no_others(tmp_path: Path) -> None:
    text = PLAN.replace('title = "Plan"\n', "colour = 3\n").replace('"2017-10-31"', '"yesterday"')
    text = text.replace('data_to = "2017-08"', 'data_to = "2017-10"')
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, text)
    keys = sorted(problem.split(": ")[1] for problem in caught.value.problems)
    assert keys == ["colour", "meetings.1.data_to", "revised_on", "title"]


def test_a_mistake_is_told_on_its_line_whatever_a_note_says(tmp_path: Path) -> None:
    text = PLAN.replace('note = "Begun"', 'note = "He said \\"from = {\\" }"').replace('"amber"', '"purple"')
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, text)
    line = next(n for n, each in enumerate(text.splitlines(), 1) if "purple" in each)
    assert f"line {line}: actions.0.history.1.status" in caught.value.problems[0]


def test_the_samples_plan_serves_every_measure_and_every_recommendation() -> None:
    plan = load_plan(PLAN_FILE, MEASURES)
    assert all(plan.measures_of(each) or each.evidence for each in plan.recommendations)
    assert len(plan.actions) >= 25
    assert len(plan.judgements) == 5
    assert plan.meetings[0].on == "2017-06-14"
    assert {action.recommendation for action in plan.actions} == {each.id for each in plan.recommendations}


def test_an_older_plan_need_not_name_what_was_added_beside_a_measure(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN_FILE.read_text(encoding="utf-8").replace('"rhi_backlog",', ""), encoding="utf-8")
    plan = load_plan(path, MEASURES)
    assert "rhi_backlog" not in {name for each in plan.recommendations for name in plan.measures_of(each)}
    path.write_text(path.read_text(encoding="utf-8").replace('"rhi_overdue",', ""), encoding="utf-8")
    with pytest.raises(SettingsError, match="'rhi_overdue' is under no recommendation"):
        load_plan(path, MEASURES)
