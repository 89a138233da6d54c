"""Six months released, twenty interviews filled in since: all and only the figures that differ are marked, and why."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from perfpipe.dates.months import Month, month_range
from perfpipe.history.last_meeting import as_cells
from perfpipe.history.revision import Cause
from perfpipe.measures.figure import KEY
from perfpipe.packs.content.revisions import revision_table
from tests.history.runs_without_packs import assessed, explained, release_run
from tests.workspaces import Row, deliver, episode, new_workspace

FIRST, LAST = Month(2018, 1), Month(2018, 6)
TWENTY = 20


def returns(last: Month, late: int = 0) -> list[Row]:
    """Forty returns a month to a last one, about half with an interview; so many more of the last month's since."""
    rows = []
    for month in month_range(FIRST, last):
        draw, left = Random(str(month)), late if month == last else 0
        for n in range(40):
            day = draw.randint(1, 26)
            done = draw.random() < 0.4
            if not done and left:
                done, left = True, left - 1
            rows.append(
                episode(
                    month.index * 100 + n, child_id=f"C{n % 30}", looked_after_flag=draw.choice("YN"),
                    placed_or_living_in_la=draw.choice(["IN", "OUT"]),
                    returned_at=f"{day:02}/{month.number:02}/2018 10:00",
                    interview_at=f"{day + 1:02}/{month.number:02}/2018 15:00" if done else "",
                )
            )  # fmt: skip
    return rows


def made_on(month: Month) -> date:
    """So late that every return of the month has had its 28 days: later extracts judge no more of them."""
    return month.last_day + timedelta(days=29)


@pytest.mark.soak
@pytest.mark.slow
def test_all_and_only_the_figures_that_differ_are_revised(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path / "workspace")

    def send(month: Month, made: date, late: int = 0) -> None:
        deliver(workspace, str(month), "return_home_interviews", returns(month, late))
        note = f"extracted_at = {made}\ndelivered_on = {made}\n"
        (workspace.raw / str(month) / "delivery.toml").write_text(note)

    for month in month_range(FIRST, LAST):
        send(month, made_on(month))
        seen = as_cells(release_run(workspace, month, made_on(month)))
    send(LAST, date(2018, 8, 12), TWENTY)
    with assessed(workspace, LAST, date(2018, 8, 12), back=5) as (job, sources, figures):
        found = explained(job, sources, figures)
        both = seen.merge(as_cells(figures), on=KEY, suffixes=("", "_now"))
        differ = both[(both["number"] != both["number_now"]) | (both["status"] != both["status_now"])]
        assert {each.key for each in found} == set(differ[KEY].itertuples(index=False, name=None))
        assert len(found) > 5
        shown = dict(zip(differ[KEY].itertuples(index=False, name=None), differ["shown"], strict=True))
        assert {each.key: each.shown for each in found} == shown
        assert {each.cause for revision in found for each in revision.causes} == {Cause.LATE}
        whole = [each for each in found if each.key[3] == "all" and each.key[0] != "rhi_median_hours"]
        assert {each.causes[0].records for each in whole} == {TWENTY}
        lines = revision_table(found, job.measures).lines
    june = next(each for each in lines if each.code == "RHI-06" and each.month == LAST.label and not each.part)
    assert june.sentence == f"June 2018 rises from {june.was} to {june.now}: 20 interviews were entered late."
