"""The sample authority: the same bytes every time, near the published figures, and a test of every rule."""

from __future__ import annotations

import ast
import json
from collections import Counter
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random

import openpyxl
import pytest

from perfpipe.datasets import BY_ID
from perfpipe.dates.months import Month, month_range
from perfpipe.settings.workspace import Workspace
from perfpipe_sample import SETTINGS_FILE, write_sample, write_settings
from perfpipe_sample import parameters as p
from perfpipe_sample.columns import BOOKS
from perfpipe_sample.knowledge import FIRST_EXTRACT, Extract, deliveries, regular_delivery
from perfpipe_sample.records import PostHeld
from perfpipe_sample.simulated_authority import SimulatedAuthority, simulate
from perfpipe_sample.truth.employments import employments
from perfpipe_sample.truth.figures import NONE_OFF, NOT_AVAILABLE, VALUE, CountingRule, Off, TrueFigure
from perfpipe_sample.truth.truth import figures
from tests.soaks import picked

pytestmark = pytest.mark.slow  # each makes whole runs or packs

SEEDS = [1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in picked("seeds", (2, 3), 1))]
LAST = Month(2018, 3)
EXTRACTS = deliveries(LAST - 35, LAST)
IN_THE_END = regular_delivery(LAST)
NO_SHARE = {
    "turnover_12_months", "turnover_headcount_12_months", "turnover_hr_basis", "average_caseload",
    *(f"retention_estimate_{months}_months" for months in (6, 12, 24)),
}  # fmt: skip
YEAR_FIRST, YEAR_LAST = date(2016, 10, 1), date(2017, 9, 30)


@cache
def authority(seed: int) -> SimulatedAuthority:
    return simulate(seed, LAST)


def true_figures(seed: int, month: Month, known_on: date, off: Off = NONE_OFF) -> list[TrueFigure]:
    return list(figures(authority(seed), EXTRACTS, (month.year, month.number), known_on, off))


@cache
def known_in_the_end(seed: int, month: Month) -> dict[tuple[str, str, str], TrueFigure]:
    return by_key(true_figures(seed, month, IN_THE_END))


@cache
def first_reported(month: Month) -> list[TrueFigure]:
    return true_figures(1, month, regular_delivery(month))


def by_key(found: list[TrueFigure]) -> dict[tuple[str, str, str], TrueFigure]:
    return {(figure.measure_id, figure.period, f"{figure.breakdown}/{figure.group}"): figure for figure in found}


def whole(found: dict[tuple[str, str, str], TrueFigure], measure_id: str, period: str = "month") -> TrueFigure:
    return found[measure_id, period, "all/all"]


def last_versions(seed: int) -> list[PostHeld]:
    return [row for log in authority(seed).posts if (row := log.last)]


@pytest.fixture(scope="module")
def workspace(sample_after_a_run: Path) -> Path:
    return sample_after_a_run


@pytest.fixture(scope="module")
def one_month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("one_month")
    write_sample(root, months=1)
    return root


@pytest.fixture(scope="module")
def two_months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample of two months, in a folder that had settings of its own."""
    root = tmp_path_factory.mktemp("two_months")
    (root / "perfpipe.toml").write_text("# ours\n")
    write_sample(root, months=2)
    return root


def contents(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.soak
def test_same_seed_gives_the_same_bytes(one_month: Path, tmp_path: Path) -> None:
    write_sample(tmp_path, months=1)
    assert contents(tmp_path) == contents(one_month)


@pytest.mark.soak
def test_another_seed_gives_other_children(one_month: Path, tmp_path: Path) -> None:
    write_sample(tmp_path, months=1, seed=2)
    first, second = contents(one_month), contents(tmp_path)
    assert first.keys() == second.keys()
    assert {name for name in first if first[name] != second[name]} >= {
        "truth.json",
        "data/raw/2018-03/missing_rhi_201803.xlsx",
        "data/raw/2018-03/children_placements_201803.xlsx",
        "data/raw/2018-03/workforce_201803.xlsx",
        "data/raw/2018-03/establishment_201803.xlsx",
    }


@pytest.mark.soak
def test_fewer_months_are_the_last_of_more(workspace: Path, two_months: Path) -> None:
    few, many = contents(two_months), contents(workspace)
    folders = {name: content for name, content in few.items() if name.startswith("data/raw/2018-03/")}
    assert len(folders) == 10
    assert folders.items() <= many.items()


@pytest.mark.soak
def test_settings_that_are_there_stay(two_months: Path) -> None:
    assert (two_months / "perfpipe.toml").read_text() == "# ours\n"


@pytest.mark.soak
def test_settings_load_and_know_every_header(workspace: Path) -> None:
    settings = Workspace(workspace).settings()
    for dataset_id, book in BOOKS.items():
        for month in month_range(Month(2015, 4), Month(2018, 6)):
            layout = settings.layouts_of(BY_ID[dataset_id], month)[0]
            mapped = {header for column in layout.columns for header in layout.headers(column)}
            assert mapped | set(layout.ignore) == {column.header for column in book.columns_in(month)}
            assert book.sheet(month) in layout.sheets


@pytest.mark.soak
@pytest.mark.parametrize("seed", SEEDS)
def test_children_looked_after_are_as_inspected(seed: int) -> None:
    found = known_in_the_end(seed, Month(2017, 1))
    looked_after = whole(found, "children_looked_after", "month_end").numerator
    fostered = whole(found, "in_foster_care", "month_end").numerator
    in_homes = whole(found, "in_childrens_homes", "month_end").numerator
    assert looked_after == pytest.approx(605, abs=25)
    assert fostered == pytest.approx(453, rel=0.05)
    assert in_homes == pytest.approx(79, rel=0.12)


@pytest.mark.soak
@pytest.mark.parametrize("seed", SEEDS)
def test_workforce_year_is_as_in_the_census(seed: int) -> None:
    rows = last_versions(seed)
    agency_ends = {(row.worker_id, row.left_on) for row in rows if row.contract == "agency"}
    permanent = employments([row for row in rows if row.contract == "permanent"])
    appointed = [one for one in permanent if YEAR_FIRST <= one.started_on <= YEAR_LAST]
    stayed = [one for one in appointed if one.left_on is None or one.left_on > YEAR_LAST]
    converted = [one for one in stayed if (one.spells[0].worker_id, one.started_on - timedelta(days=1)) in agency_ends]
    leavers = [
        one
        for one in permanent
        if one.left_on
        and one.started_on < YEAR_FIRST <= one.left_on <= YEAR_LAST
        and one.last_spells[0].leaving_reason != "internal_move"
    ]
    assert len(appointed) == 61
    assert len(stayed) - len(converted) == 45
    assert len(leavers) == 41
    in_post = [row for row in rows if row.started_on <= YEAR_LAST and (row.left_on or date.max) > YEAR_LAST]
    fte = Counter[str]()
    for row in in_post:
        fte[row.contract] += row.fte or 0  # type: ignore[assignment]
    assert fte["permanent"] == pytest.approx(270.4, rel=0.06)
    assert fte["agency"] == pytest.approx(39.8, rel=0.2)


@pytest.mark.soak
@pytest.mark.parametrize("seed", SEEDS)
def test_rolling_appointments_are_the_sixty_one(seed: int) -> None:
    found = known_in_the_end(seed, Month(2017, 9))
    assert whole(found, "new_appointments", "rolling_12").numerator == 61


@pytest.mark.soak
@pytest.mark.parametrize("seed", SEEDS)
def test_the_story_is_there(seed: int) -> None:
    def rate(first: Month, last: Month, measure: str, group: str = "all/all") -> float:
        found = [known_in_the_end(seed, month) for month in month_range(first, last)]
        period = "month" if measure.startswith("rhi") else "month_end"
        parts = [figures_of[measure, period, group] for figures_of in found]
        return sum(f.numerator or 0 for f in parts) / sum(f.denominator or 0 for f in parts)

    before, after = (Month(2016, 4), Month(2016, 12)), (Month(2017, 1), Month(2017, 12))
    assert rate(*after, "rhi_within_72h") > rate(*before, "rhi_within_72h") + 0.08
    assert rate(*after, "rhi_within_72h", "area/out") < rate(*after, "rhi_within_72h", "area/in") - 0.1
    early = rate(Month(2016, 4), Month(2016, 6), "in_childrens_homes")
    late = rate(Month(2018, 1), LAST, "in_childrens_homes")
    assert late > early + 0.01


@pytest.mark.soak
@pytest.mark.parametrize("seed", SEEDS)
def test_june_2017_is_restated_by_eleven_interviews_one_deletion_and_one_correction(seed: int) -> None:
    june = p.RESTATED_MONTH
    first = by_key(true_figures(seed, june, regular_delivery(june)))
    second = by_key(true_figures(seed, june, regular_delivery(june + 1)))
    then, later = whole(first, "rhi_within_72h"), whole(second, "rhi_within_72h")
    assert later.numerator == (then.numerator or 0) + 11
    assert later.denominator == (then.denominator or 0) - 1  # one episode never was
    offered, set_right = (whole(each, "rhi_offered") for each in (first, second))
    assert set_right.numerator == (offered.numerator or 0) - 1 + 1  # the one that never was, the one keyed wrongly
    assert whole(known_in_the_end(seed, june), "rhi_within_72h") == later


@pytest.mark.soak
def test_the_restated_month_is_read_by_two_layouts(tmp_path: Path) -> None:
    write_settings(tmp_path)
    settings, book = Workspace(tmp_path).settings(), BOOKS["return_home_interviews"]
    months = p.RESTATED_MONTH, p.RESTATED_MONTH + 1
    june, july = ({each.field: each.header for each in book.columns_in(month)} for month in months)
    assert {field for field, header in june.items() if header != july[field]} == {"child_id", "interview_at"}
    before, after = (settings.layouts_of(BY_ID["return_home_interviews"], month)[0] for month in months)
    assert [before.headers("interview_at"), after.headers("interview_at")] == [("RHI started",), ("Interview started",)]
    words = {code: word for word, code in after.values["outcome"].items()}
    assert {word for word in words.values() if word not in before.values["outcome"]} == {
        words["declined_child"],
        words["unable"],
    }
    rows = [row for row in authority(1).missing_in(of_month(months[1])) if row.outcome]
    outcome = next(each for each in book.columns_in(months[1]) if each.field == "outcome")
    written = {outcome.style(Random(1), outcome.value_of(row)) for row in rows}
    assert written == set(words.values())
    looked_back_to = [Month.of(row.return_at) for row in rows if row.return_at]
    assert months[0] in looked_back_to


def of_month(month: Month) -> Extract:
    """The extract of missing episodes of a month."""
    return next(each for each in EXTRACTS if (each.dataset, each.month) == ("return_home_interviews", month))


@pytest.mark.soak
@pytest.mark.parametrize("seed", SEEDS)
def test_the_faults_are_there(seed: int) -> None:
    missing = [row for log in authority(seed).missing if (row := log.last)]
    returned = [row for row in missing if row.return_at]
    interviewed = [row for row in missing if row.interview_at]

    def share(hits: int, rows: int) -> float:
        return hits / rows

    at_midnight = sum(row.return_at.time() == datetime.min.time() for row in returned if row.return_at)
    assert share(at_midnight, len(returned)) == pytest.approx(0.20, abs=0.02)
    assert share(sum(row.copies == 2 for row in missing), len(missing)) == pytest.approx(0.04, abs=0.01)
    assert share(sum(row.offered is None for row in returned), len(returned)) == pytest.approx(0.08, abs=0.015)
    early = sum(row.interview_at < row.found_at for row in interviewed if row.interview_at and row.found_at)
    assert early > 10
    assert sum(row.return_at < row.missing_from for row in returned if row.return_at) > 10

    care = [row for log in authority(seed).care if (row := log.last)]
    lasting = [row for row in care if not row.place.startswith(("T", "Z"))]
    assert share(sum(row.provider is None for row in lasting), len(lasting)) == pytest.approx(0.015, abs=0.005)
    assert share(sum(row.location is None for row in care), len(care)) == pytest.approx(0.03, abs=0.01)
    posts = last_versions(seed)
    assert share(sum(row.fte is None for row in posts), len(posts)) == pytest.approx(0.02, abs=0.012)
    twice = Counter((row.worker_id, row.started_on) for row in posts)
    assert max(twice.values()) == 2


@pytest.mark.soak
def test_some_children_have_two_open_placements_that_started_on_different_days() -> None:
    found = 0
    for extract in (extract for extract in EXTRACTS if extract.dataset == "placements"):
        open_now: dict[str, set[date]] = {}
        for row in authority(1).care_in(extract):
            if row.ceased_on is None:
                assert row.started_on not in open_now.get(row.child_id, set())
                open_now.setdefault(row.child_id, set()).add(row.started_on)
        found += sum(len(starts) > 1 for starts in open_now.values())
    assert found > 10


@pytest.mark.soak
@pytest.mark.parametrize("seed", SEEDS)
def test_no_child_is_in_care_after_eighteen_or_in_two_places_at_once_in_truth(seed: int) -> None:
    by_child: dict[str, list[tuple[date, date]]] = {}
    for row in (row for log in authority(seed).care if (row := log.last)):
        end = row.ceased_on or LAST.last_day
        assert end <= row.born_on.replace(day=1, year=row.born_on.year + 18) + timedelta(days=31)
        if row.ceased_on:
            assert row.started_on < row.ceased_on
            by_child.setdefault(row.child_id, []).append((row.started_on, row.ceased_on))
    for stays in by_child.values():
        for (_, end), (start, _) in pairwise(sorted(stays)):
            assert end <= start


@pytest.mark.soak
@pytest.mark.parametrize("rule", CountingRule)
def test_every_rule_decides_a_figure(rule: CountingRule) -> None:
    for month in month_range(LAST - 23, LAST):
        without = true_figures(1, month, regular_delivery(month), frozenset({rule}))
        if first_reported(month) != without:
            return
    pytest.fail(f"no figure of 24 months changes without the rule {rule}")


@pytest.mark.soak
def test_extracts_that_never_came_and_the_one_that_came_late() -> None:
    came = {(extract.dataset, extract.month) for extract in EXTRACTS}
    starts = {dataset: max(FIRST_EXTRACT.get(dataset, LAST - 35), LAST - 35) for dataset in BOOKS}
    all_of_them = {(dataset, month) for dataset, first in starts.items() for month in month_range(first, LAST)}
    never = all_of_them - came
    assert len(never) == 3
    assert sum(month > LAST - 12 for _, month in never) >= 1
    assert all(month <= LAST - 2 for _, month in never)
    late = [extract for extract in EXTRACTS if extract.delivered_on != regular_delivery(extract.month)]
    assert [(extract.dataset, extract.month) for extract in late] == [("social_workers", Month(2017, 4))]
    assert late[0].delivered_on == date(2017, 5, 15)


@pytest.mark.soak
def test_a_figure_waits_for_its_extract() -> None:
    late = Month(2017, 4)
    first = by_key(true_figures(1, late, regular_delivery(late)))
    assert whole(first, "new_appointments").state == NOT_AVAILABLE
    assert whole(known_in_the_end(1, late), "new_appointments").state == VALUE


@pytest.mark.soak
def test_the_last_placements_extract_of_a_year_always_comes() -> None:
    for last in month_range(Month(2017, 1), Month(2018, 12)):
        lost = {(e.dataset, e.month) for e in deliveries(last - 35, last)}
        marches = [month for month in month_range(last - 35, last) if month.number == 3]
        assert all(("placements", march) in lost for march in marches)


@pytest.mark.soak
def test_what_an_extract_holds_was_known_when_it_was_made() -> None:
    extract = Extract("return_home_interviews", Month(2017, 6), date(2017, 7, 6))
    for row in authority(1).missing_in(extract):
        assert row.missing_from <= extract.extracted_at
        assert row.interview_at is None or row.interview_at <= extract.extracted_at


@pytest.mark.soak
def test_workbooks_are_untidy(workspace: Path) -> None:
    path = workspace / "data/raw/2017-04/missing_rhi_201704.xlsx"
    sheet = openpyxl.load_workbook(path).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert sheet.title == "Missing and RHI"
    assert rows[1][:2] == ("Extracted", "05/05/2017 05:40")
    headers = [str(cell) for cell in rows[4]]
    assert "Push and pull factors" in headers
    assert str(rows[-1][0]).startswith("Total")
    records = rows[5:-1]
    assert {type(row[headers.index("Missing from")]) for row in records} == {datetime, str}
    assert {"Y", "Yes", 1} <= {row[headers.index("RHI offered?")] for row in records}
    ids = Counter(row[0] for row in records)
    assert max(ids.values()) == 2
    for episode, times in ids.items():
        if times == 2:
            assert len({row for row in records if row[0] == episode}) == 1
    assert sum(dimension.hidden for dimension in sheet.row_dimensions.values()) > 3
    notes = {row[headers.index("Worker notes")] for row in records} - {None}
    assert all(str(note).startswith("Made-up note") for note in notes)


@pytest.mark.soak
def test_some_cells_cannot_be_read(workspace: Path) -> None:
    found = Counter[str]()
    for path in sorted((workspace / "data/raw/2017-06").glob("*.xlsx")):
        sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
        headers: tuple[object, ...] = ()
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
            headers = row if number == 5 else headers
            found.update(str(headers[at]) for at, cell in enumerate(row) if cell == "31/02/2017")
    assert set(found) == {"DOB", "Date qualified", "First seen"}


@pytest.mark.soak
def test_truth_file(workspace: Path) -> None:
    facts = json.loads((workspace / "truth.json").read_text())
    assert facts["seed"] == 1
    assert facts["months"][0] == "2015-04"
    assert facts["known_at_end"] == "2018-04-06"
    assert facts["first_reported_on"]["2017-04"] == "2017-05-06"
    for name in ("figures_at_end", "figures_first_reported"):
        keys = [(f["measure_id"], f["month"], f["period"], f["breakdown"], f["group"]) for f in facts[name]]
        assert len(keys) == len(set(keys))
        assert {key[1] for key in keys} == set(facts["months"][-24:])
        for figure in facts[name]:
            known = None not in (figure["numerator"], figure["denominator"])
            if known and figure["measure_id"] not in NO_SHARE:
                assert figure["numerator"] <= figure["denominator"]


@pytest.mark.soak
def test_truth_is_worked_out_without_the_product() -> None:
    folder = SETTINGS_FILE.parent
    forbidden = {"compute", "measures", "read", "validate", "receive", "assess", "run"}
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                part = name.split(".")[1] if name.startswith("perfpipe.") else ""
                assert part not in forbidden, f"{path.name} imports {name}"
