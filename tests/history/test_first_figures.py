"""First figures and their mean revision, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from perfpipe.dates.months import Month, month_range
from perfpipe.history.first_figures import MeanRevision, due_at, mean_revisions, triangle
from perfpipe.ledger.history_tables import FIRST_FIGURES
from perfpipe.ledger.ledger import Ledger
from perfpipe.measures.counts import Unit
from perfpipe.packs.content.board_pack import DataBehind, PackHead, build_content
from perfpipe.packs.wording.sentences import later_moves
from perfpipe.run import keep_what_was_known, open_job, receive_files, sources_of
from tests.pack_builders import MEASURES, MONTH, assessed, plan
from tests.workspaces import deliver, episode, new_workspace

RHI = ("rhi_within_72h", "month")
SEVEN = [str(month) for month in month_range(Month(2017, 1), Month(2017, 7))]


def cell(cut: str, month: str, value: float | None, state: str = "ok", version: int = 1) -> tuple[object, ...]:
    return (cut, *RHI[:1], month, RHI[1], "all", "all", state, "percent", value, None, None, version)


def kept(*cells: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(cells, columns=FIRST_FIGURES.names).astype(FIRST_FIGURES.dtypes)


def last_known(values: dict[str, float], **other: object) -> pd.DataFrame:
    """Figures of today: shares by month."""
    rows = kept(*(cell(month, month, value) for month, value in values.items()))
    return rows.drop(columns="cut").assign(**other)


def test_the_mean_of_last_less_first_in_points_without_the_newest_month() -> None:
    """+6, +2, +4, 0, +3, +3 are 18 points in six months; of July no later due day has passed."""
    first = [0.30, 0.40, 0.36, 0.50, 0.41, 0.44, 0.10]
    last = [0.36, 0.42, 0.40, 0.50, 0.44, 0.47, 0.90]
    found = mean_revisions(
        kept(*(cell(m, m, v) for m, v in zip(SEVEN, first, strict=True))),
        last_known(dict(zip(SEVEN, last, strict=True))),
    )[RHI]
    assert (found.by, found.months, found.direction) == (Fraction(3), 6, 1)
    assert later_moves(found.by, found.months, Unit.PERCENT) == (
        "first figures of this measure later rise by 3 percentage points on average (6 months)"
    )


@pytest.mark.parametrize(
    "other", [{"state": "suppressed"}, {"state": "not_available"}, {"definition_version": 2}, {"unit": "count"}]
)
def test_what_cannot_be_compared_does_not_count_and_fewer_than_six_say_nothing(other: dict[str, object]) -> None:
    first = kept(*(cell(month, month, 0.4) for month in SEVEN))
    now = last_known(dict.fromkeys(SEVEN, 0.5))
    assert mean_revisions(first, now)[RHI].by == 10
    assert mean_revisions(first, pd.concat([now[1:], now[:1].assign(**other)])) == {}


def test_a_later_cut_is_no_first_figure() -> None:
    """Of January, known a month late as 90%, there is no first figure: five months are left."""
    cells = [cell(month, month, 0.4) for month in SEVEN[1:]] + [cell("2017-02", "2017-01", 0.9)]
    assert mean_revisions(kept(*cells), last_known(dict.fromkeys(SEVEN, 0.5))) == {}


def test_falling_and_unmoved_first_figures_are_said_in_the_unit() -> None:
    assert later_moves(Fraction(-5, 2), 12, Unit.COUNT) == (
        "first figures of this measure later fall by 2.5 on average (12 months)"
    )
    assert later_moves(Fraction(1, 100), 9, Unit.PERCENT) == (
        "first figures of this measure do not move later on average (9 months)"
    )


def test_the_triangle_is_by_month_and_months_since() -> None:
    cells = [cell("2017-02", "2017-02", 0.5), cell("2017-02", "2017-01", 0.4), cell("2017-01", "2017-01", 0.3)]
    found = triangle(kept(*cells), *RHI)
    assert list(zip(found["month"], found["months_since"], found["value"], strict=True)) == [
        ("2017-01", 0, 0.3), ("2017-01", 1, 0.4), ("2017-02", 0, 0.5),
    ]  # fmt: skip


def test_the_due_day_is_so_many_days_after_the_months_end() -> None:
    """45 days after 30 June is 14 August, to its last second in London."""
    assert due_at(Month(2017, 6), 45) == datetime(2017, 8, 14, 22, 59, 59, tzinfo=UTC)
    assert due_at(Month(2017, 1), 28).date() == date(2017, 2, 28)


@pytest.mark.soak
@pytest.mark.slow
def test_what_was_known_at_each_due_day_is_kept_once(tmp_path: Path) -> None:
    """A return each month, interviewed, and one more in January, whose interview only March's extract has.

    It came on 6 April, after January's due day of 17 March and before February's of 14 April.
    """
    workspace = new_workspace(tmp_path)
    rows = [
        episode(number, returned_at=f"{month}-10 10:00", interview_at=f"{month}-11 10:00")
        for number, month in enumerate(SEVEN)
    ]
    for number, month in enumerate(SEVEN):
        whole = [*rows[: number + 1], episode(20, returned_at="2017-01-12 10:00", interview_at="2017-01-13 10:00")]
        late = episode(20, returned_at="2017-01-12 10:00")
        deliver(workspace, month, "return_home_interviews", whole if number > 1 else [*whole[:-1], late])
        note = f"delivered_on = {Month.parse(month) + 1}-06\n"
        (workspace.raw / month / "delivery.toml").write_text(note, encoding="utf-8")
    with open_job(workspace, Month(2017, 7), months_back=0) as job:
        sources = sources_of(job, receive_files(job))
        assert keep_what_was_known(replace(job, backfill_id=1), sources) == 0
        assert keep_what_was_known(job, sources) == 1
        assert keep_what_was_known(job, sources, at_most=99) == 6
        assert keep_what_was_known(job, sources, at_most=99) == 0
    ledger = Ledger.open(workspace.processed)
    try:
        of_january = triangle(ledger.first_figures(), *RHI).query("month == '2017-01'")
    finally:
        ledger.close()
    assert of_january["value"].tolist()[:3] == [0.5, 1.0, 1.0]


def test_a_pack_says_it_beside_provisional_figures_alone() -> None:
    """Of the builders' measures August 2017 of RHI-05 and RHI-06 is provisional, offers are not."""
    moved = MeanRevision(Fraction(3), 18)
    moves = {(name, "month"): moved for name in ("rhi_within_72h", "rhi_offered")}
    head = PackHead(MONTH, "Exampleshire", "board", "f" * 64, None)
    pages = build_content(assessed(), head, plan(), MEASURES, DataBehind((), (), moves=moves)).pages
    by_id = {page.measure_id: page.series[0] for page in pages}
    words = "first figures of this measure later rise by 3 percentage points on average (18 months)"
    within, offered, done = (by_id[name] for name in ("rhi_within_72h", "rhi_offered", "rhi_completed"))
    assert words in within.finding
    assert [words in point.in_words for point in within.points[-2:]] == [False, True]
    assert words not in offered.finding
    assert words not in done.finding
