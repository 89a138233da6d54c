"""The rows behind a figure are as many as it counts, for every figure that is made: of the whole and of each group."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from perfpipe.compute.compute import compute
from perfpipe.compute.measure_rows import MeasureRows
from perfpipe.compute.rows_behind import rows_behind, rows_left_out
from perfpipe.dates.months import Month
from perfpipe.job.job import Job, measure_rows
from perfpipe.measures.definition import Breakdown, Measure, Period
from perfpipe.run import open_job, receive_files, sources_of
from tests.workspaces import deliver, episode, new_workspace, placement, spell

JUNE = Month(2018, 6)
RETURNED = {"returned_at": "02/06/2018 10:00", "missing_from": "01/06/2018 10:00"}


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Job, MeasureRows]]:
    workspace = new_workspace(tmp_path_factory.mktemp("behind") / "w")
    episodes = [
        episode(n, child_id=f"C{n % 5}", interview_at="03/06/2018 10:00" if n % 3 else "", **RETURNED,
                placed_or_living_in_la="OUT" if n % 4 else "IN", looked_after_flag="N" if n % 5 else "Y")
        for n in range(24)
    ]  # fmt: skip
    episodes += [episode(n, **(RETURNED | {"returned_at": "soon"})) for n in range(30, 32)]
    homes = [placement(f"P{n}", "01/02/2017", "01/06/2018" if n % 4 == 0 else "", PLACE=("U6", "K2", "H5")[n % 3],
                       PL_POST="ZZ9 9ZZ") for n in range(20)]  # fmt: skip
    staff = [spell(f"W{n}", "01/02/2017", contract=("permanent", "agency")[n % 2], fte="0.5") for n in range(12)]
    for dataset, rows in (("return_home_interviews", episodes), ("placements", homes), ("social_workers", staff)):
        deliver(workspace, "2018-06", dataset, rows)
    with open_job(workspace, JUNE, months_back=1) as job:
        sources = sources_of(job, receive_files(job))
        yield job, measure_rows(job, sources)


def chosen(counted: tuple[Job, MeasureRows]) -> list[Measure]:
    sent = ("return_home_interviews", "placements", "social_workers")
    return [each for each in counted[0].measures if each.basis.dataset.id in sent]


def of(measure: Measure, row: pd.Series) -> tuple[Breakdown, str] | None:
    breakdown = next((each for each in measure.shown.breakdowns if each.id == row["breakdown"]), None)
    return (breakdown, row["group"]) if breakdown else None


@pytest.mark.slow
def test_as_many_rows_stand_behind_each_figure_as_it_counts(counted: tuple[Job, MeasureRows]) -> None:
    _, rows = counted
    by_row = [
        m for m in chosen(counted)
        if not (m.counts.distinct or m.counts.weight or m.counts.numerator_weight or m.counts.statistic)
        and not m.counts.per_population and m.basis.rows is None
    ]  # fmt: skip
    by_row += [m for m in chosen(counted) if m.code in ("RHI-01", "RHI-05", "RHI-06", "PL-01")]
    figures = compute(rows, by_row)
    figures = figures[(figures["month"] == str(JUNE)) & (figures["state"] == "ok")]
    assert set(figures["breakdown"]) > {"all", "area", "looked_after"}
    compared = 0
    for measure in by_row:
        for _, row in figures[figures["measure_id"] == measure.id].iterrows():
            behind = rows_behind(rows, measure, Period(row["period"]), JUNE, of(measure, row))
            assert behind["in_numerator"].sum() == row["numerator"], (measure.id, row["group"])
            if not pd.isna(row["denominator"]):
                assert behind["in_denominator"].sum() == row["denominator"], (measure.id, row["group"])
            compared += 1
    assert compared > 20


@pytest.mark.slow
def test_what_faults_keep_out_is_listed_for_the_groups_that_could_have_held_it(
    counted: tuple[Job, MeasureRows],
) -> None:
    _, rows = counted
    measure = next(each for each in chosen(counted) if each.code == "RHI-06")
    area = measure.shown.breakdowns[[b.id for b in measure.shown.breakdowns].index("area")]
    whole = rows_left_out(rows, measure, Period.ROLLING_12, JUNE)
    assert list(whole["source_row"]) == [26, 27]
    by_group = [rows_left_out(rows, measure, Period.ROLLING_12, JUNE, (area, group)) for group in area.groups]
    assert sorted(row for each in by_group for row in each["source_row"]) == [26, 27]
