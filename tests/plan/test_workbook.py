"""A plan as a workbook: what is written comes back, and every mistake is named by its cell."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.cli.main import main
from perfpipe.dates.months import Month
from perfpipe.measures import MEASURES
from perfpipe.measures.definition import Polarity
from perfpipe.measures.local_choices import Counting
from perfpipe.measures.placeholders import placeholder_problem, why_problem
from perfpipe.plan import ActionStatus, Grade, Plan, load_plan
from perfpipe.plan.commands import import_from
from perfpipe.plan.workbook.export_book import export_plan
from perfpipe.plan.workbook.import_book import import_plan, read_book
from perfpipe.plan.workbook.sheets import SHEETS
from perfpipe.plan.write import plan_text
from perfpipe.settings.settings import SettingsError
from perfpipe_sample import PLAN_FILE
from tests.plan_builders import KNOWN, PLAN, load
from tests.programs import path_of
from tests.soaks import holds_of

TEXT = st.text(st.characters(exclude_categories=("C", "Z")) | st.sampled_from(" \n='\"#{}[]\\,.01e-"), max_size=30)
TEXT = TEXT.filter(lambda text: "_x" not in text)
WORDS = TEXT.filter(lambda text: bool(text.strip()))
NAME = WORDS.map(lambda text: " ".join(text.split()))
TITLE, SAID = (texts.filter(lambda text: not placeholder_problem(text)) for texts in (NAME, WORDS))
REASON = WORDS.filter(lambda text: not why_problem(text)) | SAID.map(lambda text: f"It matters: {text}")
LINE = st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=9).filter(lambda text: "_x" not in text)
DAY = st.dates(date(1990, 1, 1), date(2100, 1, 1)).map(lambda day: day.isoformat())
MONTH = st.dates(date(1990, 1, 1), date(2100, 1, 1)).map(lambda day: str(Month.of(day)))
NUMBER = st.decimals(0, 1000, places=3).map(str) | st.sampled_from(["0.80", "0.8", "600", "1E+2", "0"])
PACKS = st.lists(st.sampled_from(["board", "public"]), max_size=2)
STATUS = st.sampled_from([each.value for each in ActionStatus])
POLARITY = st.sampled_from([each.value for each in Polarity])


def table(required: dict[str, st.SearchStrategy[object]], **optional: st.SearchStrategy[object]):  # type: ignore[no-untyped-def]
    return st.fixed_dictionaries(required, optional=optional)


def entries(*arguments: object, **optional: object):  # type: ignore[no-untyped-def]
    return st.lists(table(*arguments, **optional), max_size=3, unique_by=lambda entry: str(entry.get("id", entry)))


NUMBERS = st.fixed_dictionaries({"target": NUMBER}) | st.fixed_dictionaries(
    {"low": st.sampled_from(["0", "1.50"]), "high": st.sampled_from(["1.5", "2"])}
)
STEP = st.builds(
    lambda step, numbers: step | numbers,
    table({"from": MONTH, "agreed_on": DAY}, amber_within=NUMBER, source=SAID),
    NUMBERS,
)
TARGET = table(
    {"recommendation": NAME, "source": SAID,
     "steps": st.lists(STEP, min_size=1, max_size=3, unique_by=lambda s: s["from"]).map(
         lambda steps: sorted(steps, key=lambda s: s["from"]))},
    illustrative=st.booleans(),
)  # fmt: skip
PLANS = table(
    {"title": TITLE, "recommendations": entries(
        {"id": NAME, "title": SAID}, topic=st.booleans(), measures=st.lists(NAME, max_size=3), evidence=SAID
    ).filter(bool)},
    revised_on=DAY,
    without_recommendation=st.lists(NAME, max_size=2),
    owners=entries({"id": NAME, "role": TITLE}, person=TEXT),
    manual_measures=entries(
        {"id": st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), "code": NAME, "title": TITLE,
         "unit": st.sampled_from(["percent", "count"]), "polarity": POLARITY, "owner": NAME, "definition": SAID,
         "why_it_matters": REASON, "source": SAID, "recommendation": NAME},
        groups=st.lists(NAME, max_size=2), period=st.sampled_from(["month", "month_end", "quarter"]),
    ),
    targets=st.dictionaries(NAME, TARGET, max_size=2),
    actions=entries(
        {"id": NAME, "recommendation": NAME, "what": SAID, "owner": NAME, "due": DAY},
        history=st.lists(table({"on": DAY, "status": STATUS}, note=TEXT), max_size=3),
    ),
    judgements=entries({"id": NAME, "title": SAID}, grades=st.lists(
        table({"on": DAY, "grade": st.sampled_from([g.value for g in Grade]), "source": SAID}), max_size=2)),
    meetings=entries({"on": DAY, "audience": st.sampled_from(["board", "scrutiny"]), "data_to": MONTH}),
    decisions=entries({"id": NAME, "meeting": DAY, "what": SAID, "owner": NAME, "due": DAY}, done_on=DAY),
    measures=entries({"id": NAME}, title=SAID, owner=TEXT, packs=PACKS),
    counting=table({}, interview_not_required=st.lists(LINE, min_size=1, max_size=3),
                   caseload_ceiling=st.integers(1, 200)),
    placement_groups=st.lists(table({"id": st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), "title": LINE,
        "places": st.lists(table({"codes": st.lists(LINE, min_size=1, max_size=3)}, providers=st.lists(LINE),
                                 **{"from": MONTH, "to": MONTH}), min_size=1, max_size=2)}),
        min_size=1, max_size=3, unique_by=lambda group: group["id"]),
)  # fmt: skip


@pytest.mark.slow
@given(PLANS)
@settings(max_examples=40, deadline=None)
def test_any_plan_comes_back_from_its_text(raw: dict[str, object]) -> None:
    plan = Plan.model_validate(raw)
    text = plan_text(plan)
    again = Plan.model_validate(tomllib.loads(text))
    assert again == plan
    assert plan_text(again) == text


@pytest.mark.soak
@pytest.mark.slow
@holds_of(PLANS, few=12, many=400)
def test_any_plan_comes_back_from_its_workbook(raw: dict[str, object]) -> None:
    plan = Plan.model_validate(raw)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "plan.xlsx"
        export_plan(plan, path)
        found = read_book(load_workbook(path))
    assert found.lines == []
    again = Plan.model_validate(found.tables)
    assert again == plan
    assert plan_text(again) == plan_text(plan)


@pytest.mark.slow
def test_the_samples_plan_comes_back_the_same(tmp_path: Path) -> None:
    plan = load_plan(PLAN_FILE, MEASURES)
    for name in ("one.xlsx", "two.xlsx"):
        export_plan(plan, tmp_path / name)
    assert import_plan(tmp_path / "one.xlsx", MEASURES)[0] == plan
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


@pytest.mark.soak
@pytest.mark.slow
def test_the_samples_plan_comes_back_the_same_by_way_of_libreoffice(tmp_path: Path) -> None:
    soffice = path_of("soffice", package="libreoffice-calc-nogui")
    plan = load_plan(PLAN_FILE, MEASURES)
    export_plan(plan, tmp_path / "plan.xlsx")
    saved = tmp_path / "saved"
    command = [soffice, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", str(saved), str(tmp_path / "plan.xlsx")], check=True, capture_output=True)
    assert plan_text(import_plan(saved / "plan.xlsx", MEASURES)[0]) == plan_text(plan)


@cache
def exported(text: str) -> bytes:
    """The workbook of a plan."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "plan.xlsx"
        export_plan(load(Path(folder), text), path)
        return path.read_bytes()


def edited(folder: Path, edit: Callable[[Workbook], None], text: str = PLAN) -> Path:
    """The workbook of a plan, changed as a person would change it; the plan is beside it."""
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    path = folder / "plan.xlsx"
    book = load_workbook(BytesIO(exported(text)))
    edit(book)
    book.save(path)
    return path


def put(**cells: object) -> Callable[[Workbook], None]:
    """An edit that writes values into cells, named as in Actions_B2."""

    def edit(book: Workbook) -> None:
        for name, value in cells.items():
            sheet, _, cell = name.rpartition("_")
            book[sheet.replace("_", " ")][cell] = value

    return edit


TEN = {
    "Owners_B2": (None, "is missing"),
    "Recommendations_E3": ("An audit", "without measures, expected words that begin"),
    "Target_steps_D2": (80, "80 is not a proportion"),
    "Target_steps_B3": (datetime(2017, 10, 18), "the day 2017-10-18; expected a month"),
    "Actions_D2": ("nobody", "no owner 'nobody'; expected one of head"),
    "Actions_E3": ("31/12/2017", "expected a day, YYYY-MM-DD"),
    "Action_history_C3": ("purple", "'blue', 'green', 'amber' or 'red'"),
    "Action_history_A4": ("9.9", "'9.9' is not on the sheet Actions"),
    "Meetings_C3": ("2017-10", "2017-10 had not ended on 2017-10-18"),
    "Decisions_G2": ("=TODAY()", "Done on: a formula; expected the value itself"),
}


def test_ten_mistakes_are_each_named_by_their_cell_all_at_once(tmp_path: Path) -> None:
    path = edited(tmp_path, put(**{name: value for name, (value, _) in TEN.items()}))
    with pytest.raises(SettingsError) as caught:
        import_plan(path, KNOWN)
    places = [f"plan.xlsx, sheet {n.rpartition('_')[0].replace('_', ' ')}, cell {n.rpartition('_')[2]}: " for n in TEN]
    assert [problem[: len(place)] for problem, place in zip(caught.value.problems, places, strict=True)] == places
    for problem, (_, words) in zip(caught.value.problems, TEN.values(), strict=True):
        assert words in problem


MISTAKES: list[tuple[dict[str, object], str, str]] = [
    ({"Actions_A3": "1.1"}, "sheet Actions, cell A3", "'1.1' is used twice"),
    ({"Actions_A3": 1.1}, "sheet Actions, cell A3", "as 4.10 would come back as 4.1"),
    ({"Actions_B2": datetime(2017, 1, 1)}, "sheet Actions, cell B2", "Excel may have made it one"),
    ({"Actions_C2": True}, "sheet Actions, cell C2", "TRUE means yes or no"),
    ({"Actions_C2": "#REF!"}, "sheet Actions, cell C2", "an Excel error"),
    ({"Actions_C2": "tbc"}, "sheet Actions, cell C2", "expected a text in words, not a placeholder; found 'tbc'"),
    ({"Owners_B2": "TBD"}, "sheet Owners, cell B2", "not a placeholder; found 'TBD'"),
    ({"Manual_measures_H2": "TODO"}, "sheet Manual measures, cell H2", "not a placeholder; found 'TODO'"),
    ({"Manual_measures_I2": "."}, "sheet Manual measures, cell I2", "not a placeholder; found '.'"),
    ({"Manual_measures_I2": "For quality"}, "sheet Manual measures, cell I2", "in at least 3 words; found 'For qual"),
    ({"Manual_measures_J2": "xxx"}, "sheet Manual measures, cell J2", "not a placeholder; found 'xxx'"),
    ({"Target_steps_H3": "..."}, "sheet Target steps, cell H3", "not a placeholder; found '...'"),
    ({"Meetings_C2": 2017.04}, "sheet Meetings, cell C2", "a number; expected a month"),
    ({"Actions_E2": datetime(2017, 9, 30, 12)}, "sheet Actions, cell E2", "a time of day"),
    ({"Actions_E2": None}, "sheet Actions, cell E2", "is missing"),
    ({"Actions_G2": "look"}, "sheet Actions, cell G2", "is under no header"),
    ({"Actions_A1": "Key"}, "sheet Actions, cell A1", "'Key' is not a header of this sheet; expected Id"),
    ({"Actions_B1": "Id"}, "sheet Actions, cell B1", "'Id' is listed twice"),
    ({"Actions_B1": None}, "sheet Actions, cell A1 and on", "the column 'Recommendation' is missing"),
    ({"Action_history_A2": None}, "sheet Action history, cell A2", "is blank"),
    ({"Action_history_B3": datetime(2017, 6, 1)}, "sheet Action history, cell B3", "does not follow 2017-06-14"),
    ({"Action_history_B4": datetime(2017, 11, 1)}, "sheet Action history, cell B4", "after the day of this revision"),
    ({"Recommendations_C2": "perhaps"}, "sheet Recommendations, cell C2", "expected yes or no; found 'perhaps'"),
    ({"Recommendations_D2": "rhi_offered\nnothing"}, "sheet Recommendations, cell D2", "no measure 'nothing'"),
    ({"Plan_C2": None}, "sheet Plan, cell C2", "the measure 'missing_episodes' is under no recommendation"),
    ({"Plan_A2": None}, "sheet Plan, cell A2", "is missing"),
    ({"Plan_A3": "Another"}, "sheet Plan, cell A3", "a second row"),
    ({"Targets_A2": "rhi_ofered", "Target_steps_A2": "rhi_ofered", "Target_steps_A3": "rhi_ofered"},
     "sheet Targets, cell A2", "no measure 'rhi_ofered'"),
    ({"Targets_A3": "rhi_offered"}, "sheet Targets, cell A3", "'rhi_offered' is used twice"),
    ({"Targets_A6": "missing_episodes", "Targets_B6": "1", "Targets_C6": "x"}, "sheet Targets, cell A6",
     "Target steps: is missing"),
    ({"Target_steps_D2": "80%"}, "sheet Target steps, cell D2", "expected a number, as in"),
    ({"Target_steps_E2": "0.1"}, "sheet Target steps, cell A2", "either target, or both low and high"),
    ({"Target_steps_B3": "2017-09"}, "sheet Target steps, cell B3", "judged months do not change"),
    ({"Measures_D2": "board\nbord"}, "sheet Measures, cell D2", "found 'bord'"),
    ({"Counting_A2": "aged_18\nmoved"}, "sheet Counting, cell A2", "no code 'moved'; expected some of aged_18, died"),
    ({"Counting_A2": "died\ndied"}, "sheet Counting, cell A2", "'died' is listed twice"),
    ({"Counting_B2": "2"}, "sheet Counting, cell B2", "expected greater than or equal to 3; found 2"),
    ({"Counting_C2": 2.5}, "sheet Counting, cell C2", "expected a whole number; found '2.5'"),
    ({"Counting_D2": "ALLEG\nX"}, "sheet Counting, cell D2", "no code 'X'; expected some of CARPL"),
    ({"Counting_E2": 0}, "sheet Counting, cell E2", "expected greater than or equal to 1; found 0"),
    ({"Counting_E3": 30}, "sheet Counting, cell A3", "a second row; this sheet has only one"),
    ({"Placements_in_groups_B2": "U1\nU2"}, "sheet Placement groups", "in no group: U3; expected each placement code"),
    ({"Placements_in_groups_B2": "U1\nU2\nU3\nU9"}, "sheet Placements in groups, cell B2", "no code 'U9'"),
    ({"Placements_in_groups_B7": "K1\nK2\nU1"}, "sheet Placements in groups, cell B7", "U1 (in 'foster_connected')"),
    ({"Placements_in_groups_B7": "K1\nK2\nP1"}, "sheet Placements in groups, cell B11", "P1 (in 'childrens_home')"),
    ({"Placements_in_groups_C4": "PR1\nPR4"}, "sheet Placements in groups, cell B4", "U4 (in 'foster_inhouse'), U5"),
    ({"Placements_in_groups_C3": "PR1\nPR9"}, "sheet Placements in groups, cell C3", "no code 'PR9'"),
    ({"Placements_in_groups_E10": "2023-08"}, "sheet Placement groups", "in no group: P2 (from 2023-09)"),
    ({"Placements_in_groups_E10": "2023-11"}, "sheet Placements in groups, cell B14", "P2 (in 'supported_semi"),
    ({"Placements_in_groups_D10": "2023-10"}, "sheet Placements in groups, cell E10", "2023-09 is before 2023-10"),
    ({"Placements_in_groups_A7": "homes"}, "sheet Placements in groups, cell A7", "'homes' is not on the sheet"),
    ({"Placement_groups_B3": "Children's homes"}, "sheet Placement groups, cell B7", "is used twice"),
    ({"Placement_groups_A13": "not_known", "Placements_in_groups_A15": "not_known"}, "sheet Placement groups, cell A13",
     "'not_known' has a meaning of its own"),
]  # fmt: skip


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.parametrize(("cells", "place", "words"), MISTAKES, ids=[f"{w} {next(iter(c))}" for c, _, w in MISTAKES])
def test_a_mistake_is_named_by_its_cell(cells: dict[str, object], place: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        import_plan(edited(tmp_path, put(**cells)), KNOWN)
    assert any(p.startswith(f"plan.xlsx, {place}: ") and words in p for p in caught.value.problems), (
        caught.value.problems
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("edit", "place"),
    [
        (lambda book: book.remove(book["Owners"]), "sheet Owners: is missing"),
        (lambda book: book.create_sheet("Notes"), "sheet Notes: is not a sheet of the plan"),
    ],
    ids=["missing", "unknown"],
)
def test_sheets_are_told(edit: Callable[[Workbook], None], place: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        import_plan(edited(tmp_path, edit), KNOWN)
    assert any(place in problem for problem in caught.value.problems)


def test_what_a_person_does_to_cells_changes_nothing(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        page: Worksheet = book["Actions"]
        page.insert_rows(3)  # a blank row
        page.move_range("E1:E9", cols=4)  # a column moved
        page["C2"] = " Do it "
        book["Meetings"]["C2"] = datetime(2017, 4, 1)  # Excel makes a date of 2017-04
        book["Owners"]["A2"] = "head\u00a0"
        book["Action history"]["C2"] = "Green"
        book["Recommendations"]["C2"] = False
        book["Recommendations"]["A3"] = 2  # text typed anew becomes a number
        book["Target steps"]["D3"] = 0.9
        book["Target steps"]["E4"] = 580

    path = edited(tmp_path, edit)
    plan, _ = import_plan(path, KNOWN)
    assert plan == load(tmp_path)
    assert plan.targets["rhi_offered"].steps[1].written == "0.9"


@pytest.mark.slow
@holds_of(st.decimals(0, 1, places=6), few=6, many=200)
def test_numbers_that_are_typed_are_read_exactly(number: Decimal) -> None:
    with TemporaryDirectory() as folder:
        path = edited(Path(folder), put(Target_steps_D2=float(number)))
        plan, _ = import_plan(path, KNOWN)
    assert plan.targets["rhi_offered"].steps[0].target == number


def test_a_plan_that_did_not_change_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = edited(tmp_path, lambda book: None, PLAN + "# a comment\n")
    before = (tmp_path / "plan.toml").read_bytes()
    imported = import_from(tmp_path / "plan.toml", path, KNOWN)
    assert (imported.changes, imported.kept) == ((), None)
    assert (tmp_path / "plan.toml").read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["plan.toml", "plan.xlsx"]


def test_a_changed_plan_is_written_told_and_the_one_before_kept(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        put(Action_history_A5="1.2", Action_history_B5=datetime(2017, 10, 30), Action_history_C5="amber")(book)
        put(Owners_A3="lead", Owners_B3="Lead", Actions_D3="lead", Plan_A2="The plan")(book)
        book["Meetings"].delete_rows(2)
        book["Decisions"].delete_rows(2)

    path = edited(tmp_path, edit)
    before = (tmp_path / "plan.toml").read_bytes()
    imported = import_from(tmp_path / "plan.toml", path, KNOWN)
    assert imported.changes == (
        "title: changed", "owners: lead: added", "actions: 1.2: changed (owner: head, now lead; history)",
        "meetings: 2017-06-14 board: removed", "decisions: D1: removed",
    )  # fmt: skip
    assert imported.kept is not None
    assert imported.kept.read_bytes() == before
    after = load_plan(tmp_path / "plan.toml", KNOWN)
    assert after == import_plan(path, KNOWN)[0]
    assert after.actions[1].owner == "lead"
    assert import_from(tmp_path / "plan.toml", path, KNOWN).changes == ()


def test_what_counts_is_changed_in_cells_and_told(tmp_path: Path) -> None:
    cells = {"Counting_A2": "died\nnot_our_child", "Counting_E2": 20, "Placements_in_groups_A5": "foster_ifa"}

    def edit(book: Workbook) -> None:
        put(**cells)(book)
        book["Placement groups"].delete_rows(5)  # foster_other_la: another authority's carers go with the agencies'

    path = edited(tmp_path, edit)
    changes = import_from(tmp_path / "plan.toml", path, KNOWN).changes
    assert changes == (
        "counting: interview_not_required: changed", "counting: caseload_ceiling: changed",
        "look again: counting: all months will be counted again",
        "placement_groups: foster_other_la: removed", "placement_groups: foster_ifa: changed (places)",
        "look again: placement_groups: all months will be counted again",
    )  # fmt: skip
    plan = load_plan(tmp_path / "plan.toml", KNOWN)
    assert plan.counting == Counting(interview_not_required=("died", "not_our_child"), caseload_ceiling=20)
    assert [group.id for group in plan.placement_groups][2:4] == ["foster_ifa", "foster_unknown"]
    assert [placed.providers for placed in plan.placement_groups[2].places] == [("PR4", "PR5"), ("PR2",)]


@pytest.mark.slow
def test_emptied_sheets_give_what_is_usual(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        for name in ("Counting", "Placement groups", "Placements in groups"):
            book[name].delete_rows(2, 30)

    text = PLAN + "[counting]\ncaseload_ceiling = 20\n"
    assert import_plan(edited(tmp_path, edit, text), KNOWN)[0] == Plan.model_validate(tomllib.loads(PLAN))


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"Target_steps_D2": "0.70"}, ["the step from 2017-04 was changed or removed"]),
        ({"Target_steps_B3": "2017-11"}, ["the step from 2017-10 was changed or removed"]),
        ({"Target_steps_A6": "rhi_offered", "Target_steps_B6": "2017-11", "Target_steps_C6": datetime(2017, 10, 31),
          "Target_steps_D6": "0.95"}, []),
    ],
    ids=["altered", "moved", "added"],
)  # fmt: skip
def test_a_target_that_is_altered_and_not_added_to_is_told(
    cells: dict[str, object], told: list[str], tmp_path: Path
) -> None:
    changes = import_from(tmp_path / "plan.toml", edited(tmp_path, put(**cells)), KNOWN).changes
    assert changes[0] == "targets: rhi_offered: changed (steps)"
    again = [line for line in changes if line.startswith("look again: targets: rhi_offered: ")]
    assert len(again) == len(told) == len(changes) - 1
    assert all(words in line for line, words in zip(again, told, strict=True))


def test_an_old_workbook_does_not_undo_what_was_changed_meanwhile(tmp_path: Path) -> None:
    path = edited(tmp_path, put(Plan_A2="From the workbook"))
    (tmp_path / "plan.toml").write_text(PLAN.replace('title = "Plan"', 'title = "Later"'), encoding="utf-8")
    with pytest.raises(SettingsError, match="has changed since this workbook was written"):
        import_from(tmp_path / "plan.toml", path, KNOWN)
    assert load_plan(tmp_path / "plan.toml", KNOWN).title == "Later"
    assert import_from(tmp_path / "plan.toml", path, KNOWN, replace=True).changes == ("title: changed",)


@pytest.mark.slow
@pytest.mark.parametrize("missing", [True, False])
def test_a_workbook_mends_a_plan_that_is_broken_or_gone(missing: bool, tmp_path: Path) -> None:
    path = edited(tmp_path, lambda book: None)
    plan_file = tmp_path / "plan.toml"
    plan_file.unlink() if missing else plan_file.write_text("title = ", encoding="utf-8")
    assert import_from(plan_file, path, KNOWN).changes == ("plan.toml: written again",)
    assert load_plan(plan_file, KNOWN) == Plan.model_validate(tomllib.loads(PLAN))


def test_a_wrong_workbook_changes_nothing(tmp_path: Path) -> None:
    path = edited(tmp_path, put(Actions_D2="nobody"))
    before = (tmp_path / "plan.toml").read_bytes()
    with pytest.raises(SettingsError):
        import_from(tmp_path / "plan.toml", path, KNOWN)
    assert (tmp_path / "plan.toml").read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04torn"])
def test_what_is_no_workbook_is_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "plan.xlsx").write_bytes(content)
    with pytest.raises(SettingsError, match="not an Excel workbook"):
        import_plan(tmp_path / "plan.xlsx", KNOWN)
    with pytest.raises(SettingsError, match="not found"):
        import_plan(tmp_path / "none.xlsx", KNOWN)


def test_a_workbook_with_a_torn_sheet_is_told(tmp_path: Path) -> None:
    path, torn = edited(tmp_path, lambda book: None), tmp_path / "torn.xlsx"
    with ZipFile(path) as whole, ZipFile(torn, "w") as half:
        for name in whole.namelist():
            content = whole.read(name)
            half.writestr(name, content[: len(content) // 2] if name.endswith("sheet3.xml") else content)
    with pytest.raises(SettingsError, match="not an Excel workbook"):
        import_plan(torn, KNOWN)


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    path = edited(tmp_path, lambda book: None, PLAN.replace('"Do it"', '"=1+1"'))
    assert import_plan(path, KNOWN)[0].actions[0].what == "=1+1"


def test_every_table_and_key_of_the_plan_has_a_sheet_and_a_column() -> None:
    fields = {
        name: field for name, field in Plan.model_fields.items()
        if name not in ("title", "revised_on", "without_recommendation")
    }  # fmt: skip
    assert {sheet.table for sheet in SHEETS} == {"", *fields}
    plan = Plan.model_validate(tomllib.loads(PLAN))
    for sheet in SHEETS:
        held = getattr(plan, sheet.table) if sheet.table else plan
        held = (held,) if sheet.single else held
        entry = next(iter(held.values() if isinstance(held, dict) else held))
        model = type(getattr(entry, sheet.steps)[0]) if sheet.steps else type(entry)
        keys = {field.alias or name for name, field in model.model_fields.items()}
        inner = {each.steps for each in SHEETS if each.table == sheet.table and not sheet.steps}
        inner |= set(fields) if not sheet.table else set()
        own = {"id"} if sheet.steps or sheet.table == "targets" else set()
        assert {column.key for column in sheet.columns} == keys - inner | own, sheet.title


@pytest.mark.slow
def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def call(*arguments: object) -> int:
        with pytest.raises(SystemExit) as exit_:
            main([str(each) for each in (*arguments, "--workspace", tmp_path)])
        return int(exit_.value.code or 0)

    shutil.copyfile(PLAN_FILE, tmp_path / "plan.toml")
    book = tmp_path / "plan.xlsx"
    assert call("plan", "check") == 0
    assert "overdue: 8.1, due 2017-11-30, Head of Safeguarding" in capsys.readouterr().out
    assert call("plan", "export", book) == 0
    assert call("plan", "export", book) == 2
    assert "already exists" in capsys.readouterr().err
    assert call("plan", "import", book) == 0
    assert "unchanged" in capsys.readouterr().out
    changed = load_workbook(book)
    changed["Actions"]["D2"] = "nobody"
    changed.save(book)
    for command in ("check", "import"):
        assert call("plan", command, book) == 2
        assert "plan.xlsx, sheet Actions, cell D2: no owner 'nobody'" in capsys.readouterr().err
    changed["Actions"]["D2"] = "director"
    changed.save(book)
    assert call("plan", "check", book) == 0
    assert call("plan", "import", book) == 0
    said = capsys.readouterr()
    assert "actions: 1.1: changed" in said.out
    assert "earlier_plans" in said.err
