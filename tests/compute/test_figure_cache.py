"""Figures kept from run to run are those that computing anew would give, whatever has changed in between."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from perfpipe.compute import figure_cache as kept_figures
from perfpipe.compute.compute import compute
from perfpipe.compute.measure_rows import MeasureRows
from perfpipe.dates.months import Month
from perfpipe.job.job import measure_rows
from perfpipe.ledger.cached_files import hashes_of
from perfpipe.measures import MEASURES
from perfpipe.measures.figure import KEY
from perfpipe.receive.withdraw import withdraw_extract
from perfpipe.run import compute_figures, open_job, receive_files, sources_of
from perfpipe.settings.workspace import Workspace
from tests.source_copy import SourceCopy
from tests.workspaces import EPISODE, PLACEMENT, counts, deliver, episode, new_workspace, placement, spell

pytestmark = pytest.mark.slow
FIRST_OF_EACH = {each.basis.dataset.id: each.id for each in reversed(MEASURES)}.values()
SOME = tuple(
    each for number, each in enumerate(MEASURES) if number % 5 == 0 or each.code == "RHI-03" or each.id in FIRST_OF_EACH
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = new_workspace(tmp_path / "workspace")
    moved = [
        placement("C1", "01/02/2017", "05/04/2017", PLACE="U6"),
        placement("C1", "05/04/2017", "", PLACE="K2"),
        placement("C2", "01/03/2017", "", PLACE="U4"),
    ]
    deliver(made, "2017-04", "placements", moved)
    deliver(made, "2017-05", "placements", [*moved, placement("C3", "03/05/2017", "", PLACE="H5")])
    deliver(made, "2017-04", "social_workers", [spell("W1", "01/04/2016", ""), spell("W2", "03/04/2017", "")])
    deliver(made, "2017-05", "social_workers", [spell("W1", "01/04/2016", "09/05/2017"), spell("W2", "03/04/2017", "")])
    deliver(made, "2017-04", "return_home_interviews", [episode(1, returned_at="02/04/2017 10:00")])
    return made


def both(workspace: Workspace, month: Month) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A year's figures of some measures by way of what is kept, and computed from nothing."""
    with open_job(workspace, month, months_back=12) as job:
        ours = measure_rows(job, sources_of(job, receive_files(job)))
        anew = compute(ours, SOME).sort_values(KEY, ignore_index=True)
        return kept_figures.figures_of(ours, SOME, workspace, "one", job.ledger), anew


@pytest.mark.soak
def test_from_month_to_month_and_back(workspace: Workspace) -> None:
    for month in (Month(2017, 4), Month(2017, 5), Month(2017, 5), Month(2017, 4), Month(2018, 3)):
        with open_job(workspace, month, months_back=12) as job:
            sources = sources_of(job, receive_files(job))
            anew = compute(measure_rows(job, sources), job.measures).sort_values(KEY, ignore_index=True)
            pd.testing.assert_frame_equal(compute_figures(job, sources), anew)


@pytest.mark.soak
def test_a_late_extract_changes_the_months_it_speaks_for(workspace: Workspace) -> None:
    first, _ = both(workspace, Month(2017, 5))
    late = [
        placement("C1", "01/02/2017", "03/04/2017", PLACE="U6"),
        placement("C1", "03/04/2017", PLACE="K2"),
        placement("C2", "01/03/2017", "02/04/2017", PLACE="U4"),  # left in April, it turns out
        placement("C3", "03/05/2017", PLACE="H5"),
    ]
    deliver(workspace, "2017-06", "placements", late)
    kept, anew = both(workspace, Month(2017, 6))
    pd.testing.assert_frame_equal(kept, anew)
    months = first.merge(kept, on=KEY, suffixes=("", "_now"))
    assert (months["value"].fillna(-1) != months["value_now"].fillna(-1)).any()


@pytest.mark.soak
def test_only_what_changed_is_computed(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    both(workspace, Month(2017, 4))
    asked: list[tuple[str, str, str]] = []

    def spy(rows: object, measures: object) -> pd.DataFrame:
        asked.append((next(iter(rows.speaks_for)), str(rows.months[0]), str(rows.months[-1])))  # type: ignore[attr-defined]
        return compute(rows, measures)  # type: ignore[arg-type]

    monkeypatch.setattr(kept_figures, "compute", spy)
    both(workspace, Month(2017, 4))
    assert asked == []
    both(workspace, Month(2017, 5))
    computed = {measure.basis.dataset.id for measure in SOME}
    assert {dataset: last for dataset, _, last in asked} == dict.fromkeys(computed, "2017-05")
    assert ("return_home_interviews", "2017-05", "2017-05") in asked  # no extract of May: only May is new


@pytest.mark.soak
def test_other_code_other_counting_and_other_names_of_ours_compute_anew(
    workspace: Workspace, source: SourceCopy
) -> None:
    with open_job(workspace, Month(2017, 5)) as job:
        sources = sources_of(job, receive_files(job))
        folder = workspace.processed / "figures"
        ours = measure_rows(job, sources)
        kept_figures.figures_of(ours, SOME, workspace, "one", job.ledger)
        wrong = {path: pd.read_parquet(path).assign(value=-1.0) for path in folder.glob("*.parquet")}

        def kept(of: MeasureRows, how_it_counts: str) -> bool:
            for path, figures in wrong.items():
                figures.to_parquet(path)
            with job.ledger.writing():
                job.ledger.add_cached_files(hashes_of(workspace, *wrong))
            found = kept_figures.figures_of(of, SOME, workspace, how_it_counts, job.ledger)
            return bool((found["value"] == -1).any())

        assert kept(ours, "one")
        assert not kept(ours, "two")
        assert not kept(MeasureRows(ours.speaks_for, ours.months, ours.our_names | {"another"}), "one")
        source.edit("measures/interview_view.py", "INTERVIEW_HOURS = 72", "INTERVIEW_HOURS = 72  # three days")
        source.edit("packs/wording/numbers.py", '"at most"', '"up to"')
        assert kept(ours, "one")
        source.edit("measures/interview_view.py", "INTERVIEW_HOURS = 72", "INTERVIEW_HOURS = 71")
        assert not kept(ours, "one")


@pytest.mark.soak
def test_what_started_in_another_month_is_looked_at_too(tmp_path: Path) -> None:
    made = new_workspace(tmp_path / "workspace")
    columns = "\n".join(f'{name} = "{name}"' for name in EPISODE)
    layout = (
        '[[layouts.return_home_interviews]]\nname = "monthly"\nfiles = "rhi*.csv"\ndate_order = "day_first"\n'
        'covers = { span = "month", selects_by = "started" }\n[layouts.return_home_interviews.columns]\n'
    )
    with open(made.settings_file, "a", encoding="utf-8") as settings:
        settings.write(f"\n{layout}{columns}\n")
    still = episode(3, missing_from="10/05/2017 10:00", returned_at="")  # no return yet: spoken for, and no event
    late = {"missing_from": "30/04/2017 20:00", "returned_at": "02/05/2017 10:00"}
    deliver(made, "2017-04", "return_home_interviews", [episode(1, **late)], "rhi.csv")
    (made.raw / "2017-04" / "delivery.toml").write_text("extracted_at = 2017-05-10\n", encoding="utf-8")
    deliver(made, "2017-05", "return_home_interviews", [episode(2, returned_at="05/05/2017 10:00"), still], "rhi.csv")
    kept, anew = both(made, Month(2017, 5))
    pd.testing.assert_frame_equal(kept, anew)
    assert counts(kept, "RHI-03", "2017-05") == (2, 2)
    with open_job(made, Month(2017, 5)) as job:
        april = next(extract.id for extract in job.ledger.extracts_known(None) if extract.folder == "2017-04")
    withdraw_extract(made, april, "sent without the offer")
    deliver(made, "2017-04", "return_home_interviews", [episode(1, offered="N", outcome="", **late)], "rhi_mended.csv")
    kept, anew = both(made, Month(2017, 5))  # May's own extract is the same
    pd.testing.assert_frame_equal(kept, anew)
    assert counts(kept, "RHI-03", "2017-05") == (1, 2)


@pytest.mark.soak
def test_one_month_alone_sees_what_began_long_before_as_a_run_does(tmp_path: Path) -> None:
    """A placement of 2010 that ended in March 2018, of a source that selects by start."""
    made = new_workspace(tmp_path / "workspace")
    columns = {
        "child_id": "CHILD", "started_on": "DECOM", "new_episode_reason_code": "RNE", "legal_status_code": "LS",
        "need_code": "CIN", "placement_code": "PLACE", "provider_code": "PLACE_PROVIDER", "ceased_on": "DEC",
        "cease_reason_code": "REC", "change_reason_code": "REASON_PLACE_CHANGE",
    }  # fmt: skip
    named = "\n".join(f'{name} = "{header}"' for name, header in columns.items())
    with open(made.settings_file, "a", encoding="utf-8") as settings:
        settings.write(
            '\n[[layouts.placements]]\nname = "by start"\nfiles = "placements*.csv"\ndate_order = "day_first"\n'
            'ignore = ["HOME_POST", "PL_POST", "URN"]\n'
            'covers = { span = "all", selects_by = "started", goes_back_to = "2010-01" }\n'
            f"[layouts.placements.columns]\n{named}\n"
        )
    ended = {"DEC": "10/03/2018", "REC": "X1", "REASON_PLACE_CHANGE": "CHILD"}
    still = placement("C2", "01/02/2018", "")
    deliver(made, "2018-03", "placements", [PLACEMENT | ended | {"DECOM": "05/05/2010"}, still])
    for months_back in (35, 0):
        with open_job(made, Month(2018, 3), months_back=months_back) as job:
            figures = compute_figures(job, sources_of(job, receive_files(job)))
        assert counts(figures, "PL-11", "2018-03")[0] == 1


@pytest.mark.soak
def test_a_damaged_file_is_made_again(workspace: Workspace) -> None:
    both(workspace, Month(2017, 5))
    for path in (workspace.processed / "figures").glob("*.parquet"):
        path.write_bytes(b"PAR1 and no more")
    kept, anew = both(workspace, Month(2017, 5))
    pd.testing.assert_frame_equal(kept, anew)
