"""The fingerprint of a run: another for all that can change its figures or packs, and for nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from perfpipe.check.check import check_workspace
from perfpipe.datasets.definition import Selects
from perfpipe.datasets.placements import PLACEMENTS
from perfpipe.dates.months import Month
from perfpipe.faults.fault import Fault
from perfpipe.job import fingerprint
from perfpipe.job.fingerprint import SETTINGS_AS_THEY_ARE, SETTINGS_SEEN_OTHERWISE, code_version, fingerprint_of
from perfpipe.job.job import Job, Sources
from perfpipe.plan.revisions import PlanRevision
from perfpipe.publish.fault_content import histories
from perfpipe.questions.known_on_a_day import job_as_known
from perfpipe.receive.withdraw import withdraw_extract
from perfpipe.reconcile.speaks_for import SpeaksFor
from perfpipe.rules.rule import Severity
from perfpipe.run import open_job
from perfpipe.settings.corrections import Correction
from perfpipe.settings.settings import Settings
from perfpipe.settings.workspace import Workspace
from perfpipe.validate.reading import Reading
from tests.source_copy import SourceCopy
from tests.workspaces import EPISODE, deliver, episode, new_workspace

NOTHING = Sources([], {}, [])
MAY = Month(2018, 5)
EXTRACT = "0123456789ab"
FAULT = Fault(
    "placements", "2018-05/placements.csv", "", 12, "", "not_followed_up", Severity.WARN,
    "open here and absent from 2018-05/placements.csv", "a record in the next extract too", "Ask the source.",
)  # fmt: skip


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Job]:
    with open_job(new_workspace(tmp_path_factory.mktemp("workspace")), MAY) as opened:
        yield opened


def with_settings(job: Job, **declared: Any) -> Job:
    return replace(job, settings=Settings.model_validate({"authority": {"name": "Exampleshire"}} | declared))


# -- Settings ----------------------------------------------------------------------------------------------------


def test_every_setting_is_in_the_fingerprint_or_named_with_why_not() -> None:
    """A new field belongs in one of the two lists; one of [arrivals] is looked at by itself."""
    fields = {"corrections", *Settings.model_fields} - {"arrivals"}
    fields |= {f"arrivals.{name}" for name in type(Settings.model_fields["arrivals"].default).model_fields}
    assert fields - {"corrections"} == {*SETTINGS_AS_THEY_ARE, *SETTINGS_SEEN_OTHERWISE}
    assert not set(SETTINGS_AS_THEY_ARE) & set(SETTINGS_SEEN_OTHERWISE)
    assert all(len(why.split()) > 3 for why in SETTINGS_SEEN_OTHERWISE.values())
    assert set(Settings.__private_attributes__) == {"_corrections"}  # in the fingerprint by their ids


DECLARED: Mapping[str, Mapping[str, Any]] = {
    "arrivals.row_count_share": {"arrivals": {"row_count_share": 0.5}},
    "authority": {"authority": {"name": "Exampleshire", "also_written": ["Example County"]}},
    "bank_holidays": {"bank_holidays": ["2022-09-19"]},
    "baselines": {"baselines": [{"measure": "x", "from": "2017-04", "to": "2018-03", "reason": "A good year"}]},
    "least_cases_for_limits": {"least_cases_for_limits": 10},
    "low_base": {"low_base": 10},
    "owners": {"owners": {"placements": "Placements team"}},
    "population": {"population": [{"from": "2016-04", "children": 75200, "source": "ONS"}]},
    "rebases": {"rebases": [{"measure": "x", "from": "2017-04", "reason": "A new service"}]},
}


@pytest.mark.parametrize("name", SETTINGS_AS_THEY_ARE)
def test_another_setting_is_another_fingerprint(job: Job, name: str) -> None:
    assert fingerprint_of(with_settings(job, **DECLARED[name]), NOTHING) != fingerprint_of(with_settings(job), NOTHING)


@pytest.mark.parametrize(
    "declared",
    [
        {"limits": {"seconds": 40}},
        {"ignore_files": ["*.txt"]},
        {"arrivals": {"may_be_empty": ["placements"]}},
        {"severities": {"row_repeated": "info"}},
        {"accepted": [{"extract": EXTRACT, "rule": "row_count_moved", "reason": "A new service"}]},
    ],
)
def test_settings_without_an_effect_are_not_in_it(job: Job, declared: dict[str, Any]) -> None:
    assert fingerprint_of(with_settings(job, **declared), NOTHING) == fingerprint_of(with_settings(job), NOTHING)


def test_a_correction_counts_with_all_that_it_says(job: Job) -> None:
    def with_correction(**declared: str) -> str:
        said = {"reason": "Wrong date", "by": "AB", "date": date(2018, 5, 1), "from": "X", "to": "Y"} | declared
        settings = with_settings(job).settings
        settings._corrections = (Correction(dataset="placements", key={"child_id": "A"}, column="started_on", **said),)
        return fingerprint_of(replace(job, settings=settings), NOTHING)

    assert with_correction() == with_correction()
    assert len({with_correction(), with_correction(reason="Typed twice"), fingerprint_of(job, NOTHING)}) == 3


# -- Faults ------------------------------------------------------------------------------------------------------


def with_faults(job: Job, *faults: Fault) -> str:
    return fingerprint_of(job, replace(NOTHING, faults=list(faults)))


@pytest.mark.parametrize("wording", fingerprint.WORDING)
def test_faults_with_another_wording_are_the_same(job: Job, wording: str) -> None:
    assert with_faults(job, replace(FAULT, **{wording: "said otherwise"})) == with_faults(job, FAULT)


@pytest.mark.parametrize(
    "change",
    [
        {"severity": Severity.INFO},
        {"rule": "history_vanished"},
        {"file": "2018-04/placements.csv"},
        {"row": 13},
        {"column": "started_on"},
        {"identity": "0011223344556677"},
    ],
)
def test_faults_of_another_rule_address_identity_or_severity_are_others(job: Job, change: dict[str, Any]) -> None:
    assert with_faults(job, replace(FAULT, **change)) != with_faults(job, FAULT)


def test_one_fault_more_is_another_fingerprint_and_their_order_does_not_matter(job: Job) -> None:
    other = replace(FAULT, row=13)
    assert with_faults(job, FAULT, other) == with_faults(job, other, FAULT)
    assert len({with_faults(job), with_faults(job, FAULT), with_faults(job, FAULT, other)}) == 3


def test_the_reason_of_an_accepted_fault_counts_where_packs_show_it(job: Job) -> None:
    def accepted(reason: str, *faults: Fault) -> str:
        entry = {"extract": EXTRACT, "rule": "history_vanished", "reason": reason}
        return with_faults(with_settings(job, accepted=[entry]), *faults)

    shown = replace(FAULT, rule="history_vanished")
    assert accepted("One reason", shown) != accepted("Another", shown)
    assert accepted("One reason", FAULT) == accepted("Another", FAULT)


# -- What else decides -------------------------------------------------------------------------------------------


def test_other_months_another_plan_and_a_plan_of_its_time_are_others(job: Job) -> None:
    """A pack made with an earlier plan says so: with the same plan as the present one it would be another pack."""
    earlier = PlanRevision(job.workspace.plan_file, job.plan_sha256, "2018-01-15", False)
    jobs = [
        job,
        replace(job, month=MAY + 1),
        replace(job, months_back=11),
        replace(job, plan_content=b"another"),
        replace(job, plan_of=earlier),
    ]
    assert len({fingerprint_of(each, NOTHING) for each in jobs}) == len(jobs)


def reading(name: str, day: int, month: Month = MAY) -> Reading:
    """A reading of placements that was made on a day of June."""
    made = datetime(2018, 6, day, tzinfo=UTC)
    return Reading(name, name, PLACEMENTS, str(month), ("placements.csv",), "", made, month, month, Selects.OVERLAP,
                   True, 10, made, Path(name), made, False)  # fmt: skip


def test_the_extract_that_the_months_own_is_compared_with_counts(job: Job) -> None:
    """Its number of records stands in the words of a fault, though it speaks for no month."""
    current = reading("current", 3)
    speaks = {"placements": SpeaksFor(PLACEMENTS, {MAY: current}, [])}

    def compared_with(*others: Reading) -> str:
        return fingerprint_of(job, Sources([current, *others], speaks, [FAULT]))

    assert len({compared_with(), compared_with(reading("one", 1)), compared_with(reading("other", 1))}) == 3
    assert compared_with(reading("one", 1), reading("two", 2)) == compared_with(reading("two", 2))
    assert compared_with(reading("later", 4)) == compared_with(reading("next", 5, MAY + 1)) == compared_with()


def with_interviews(root: Path, covers: str) -> Workspace:
    workspace = new_workspace(root)
    with open(workspace.settings_file, "a", encoding="utf-8") as file:
        file.write(
            '\n[[layouts.return_home_interviews]]\nname = "ours"\nfiles = "missing*.csv"\ndate_order = "day_first"\n'
            f"covers = {covers}\n[layouts.return_home_interviews.columns]\n"
        )
        file.writelines(f'{name} = "{name}"\n' for name in EPISODE)
    return workspace


def send(workspace: Workspace, month: Month, *interviews: str) -> None:
    rows = [episode(n, returned_at="02/04/2018 10:00", interview_at=at) for n, at in enumerate(interviews)]
    deliver(workspace, str(month), "return_home_interviews", rows, "missing.csv")
    check_workspace(workspace, None, lambda _: None)


def of_may(workspace: Workspace) -> str:
    with job_as_known(workspace, None, MAY) as (job, sources):
        return fingerprint_of(job, sources)


@pytest.mark.slow
def test_an_extract_counts_that_only_says_since_when_a_fault_is_open(tmp_path: Path) -> None:
    """May's extract speaks for all months; by March's, its fault is two months old."""
    workspace = with_interviews(tmp_path, '{ span = "all", selects_by = "overlap", goes_back_to = "2018-01" }')
    good = ["03/04/2018 10:00"] * 4
    send(workspace, MAY - 2, "soon", *good)
    send(workspace, MAY - 1, "soon", *good, "04/04/2018 10:00")
    send(workspace, MAY, "soon", *good, "04/04/2018 10:00", "04/04/2018 11:00")
    with job_as_known(workspace, None, MAY) as (job, sources):
        march = min(sources.readings, key=lambda reading: reading.last_month)
        assert march.id not in sources.speaks_for["return_home_interviews"].readings
        assert min(histories(job, sources)["return_home_interviews"].since.values()) == MAY - 2
        before = fingerprint_of(job, sources)
    assert of_may(workspace) == before
    withdraw_extract(workspace, march.extract_id, "not the right one")
    assert of_may(workspace) != before


@pytest.mark.slow
def test_an_extract_of_a_later_month_does_not_count(tmp_path: Path) -> None:
    workspace = with_interviews(tmp_path, '{ span = "month", selects_by = "overlap" }')
    send(workspace, MAY, "03/04/2018 10:00")
    before = of_may(workspace)
    send(workspace, MAY + 1, "03/04/2018 10:00", "04/04/2018 10:00")
    assert of_may(workspace) == before


# -- Code --------------------------------------------------------------------------------------------------------

Edit = Callable[[SourceCopy], None]


def edits(*changes: Sequence[str]) -> Edit:
    def edit(source: SourceCopy) -> None:
        for file, old, new in changes:
            source.edit(file, old, new)

    return edit


@pytest.mark.slow
@pytest.mark.parametrize(
    "edit",
    [
        edits(("measures/interview_view.py", "INTERVIEW_HOURS = 72", "INTERVIEW_HOURS = 72  # three days")),
        edits(("packs/charts/draw.py", '"""Draw a measure', '"""Draw any measure')),
        edits(("cli/words.py", "WRONG_USE, INTERNAL, HELD", "WRONG, INTERNAL, HELD")),
    ],
    ids=["comment", "docstring", "word of a command"],
)
def test_words_for_readers_of_the_code_and_commands_are_not_in_it(job: Job, source: SourceCopy, edit: Edit) -> None:
    before = fingerprint_of(job, NOTHING), code_version()
    edit(source)
    assert (fingerprint_of(job, NOTHING), code_version()) == before


@pytest.mark.parametrize(
    "edit",
    [
        edits(("measures/interview_view.py", "INTERVIEW_HOURS = 72", "INTERVIEW_HOURS = 71")),
        edits(("packs/wording/numbers.py", '"at most"', '"up to"')),
        edits(("packs/charts/look.py", '"#E3E3E3"', '"#E3E3E2"')),
    ],
    ids=["measure", "wording", "chart"],
)
def test_a_changed_constant_is_another_fingerprint(job: Job, source: SourceCopy, edit: Edit) -> None:
    before = fingerprint_of(job, NOTHING), code_version()
    edit(source)
    after = fingerprint_of(job, NOTHING), code_version()
    assert all(now != then for now, then in zip(after, before, strict=True))


def test_the_version_of_the_code_is_short(source: SourceCopy) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\+[0-9a-f]{12}", code_version())
    before = code_version()
    source.edit("packs/workbooks/return_book.py", "from __future__", "UNUSED = 1\nfrom __future__")
    assert code_version() == before
    assert code_version("perfpipe.quarterly_return") != before
