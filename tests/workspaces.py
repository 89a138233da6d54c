"""Small workspaces in the standard layout, and their figures without packs."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import pandas as pd

from perfpipe.cli.new_workspace import write_workspace
from perfpipe.compute.compute import compute
from perfpipe.compute.consistency import disagreements
from perfpipe.dates.months import Month
from perfpipe.job.job import measure_rows
from perfpipe.measures import MEASURES
from perfpipe.run import assess_figures, open_job, receive_files, sources_of
from perfpipe.settings.workspace import Workspace
from tests.small_plan import small_plan

Row = Mapping[str, str]

MONTHS_BACK = 18


def new_workspace(root: Path, authority: str = "Exampleshire") -> Workspace:
    """An empty workspace whose authority has a name, with a small plan."""
    write_workspace(root, "local")
    (root / "plan.toml").write_text(small_plan(), encoding="utf-8")
    text = (root / "perfpipe.toml").read_text(encoding="utf-8")
    (root / "perfpipe.toml").write_text(text.replace("Our Council", authority), encoding="utf-8")
    return Workspace(root)


def deliver(workspace: Workspace, month: str, dataset: str, rows: Sequence[Row], name: str | None = None) -> Path:
    """Write an extract in the standard layout into a delivery folder; the columns are those of the first row."""
    folder = workspace.raw / month
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (name or f"{dataset}.csv")
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def figures_of(
    workspace: Workspace, month: str, months_back: int = MONTHS_BACK, codes: Collection[str] = ()
) -> pd.DataFrame:
    """`FIGURES` of a month and some before it, not stored.

    Of the measures whose dataset has been sent; with `codes`, of those that have one of them.
    """
    with open_job(workspace, Month.parse(month), months_back=months_back) as job:
        sources = sources_of(job, receive_files(job))
        sent = {reading.dataset.id for reading in sources.readings}
        measures = [
            each for each in job.measures if each.basis.dataset.id in sent and (not codes or each.code in codes)
        ]
        figures = compute(measure_rows(job, sources), measures)
        if not codes:  # totals and tables are of several measures
            assert disagreements(figures, measures) == []
        return figures


def assessed_of(workspace: Workspace, month: str, months_back: int = MONTHS_BACK) -> pd.DataFrame:
    """`ASSESSED` of a month and some before it, not stored: for a test of what is said of figures."""
    with open_job(workspace, Month.parse(month), months_back=months_back) as job:
        sources = sources_of(job, receive_files(job))
        return assess_figures(job, compute(measure_rows(job, sources), job.measures))


def figures_of_extract(root: Path, dataset: str, rows: Sequence[Row]) -> pd.DataFrame:
    """The same of three years to June 2018, where one extract is sent that month and nothing else."""
    workspace = new_workspace(root)
    deliver(workspace, "2018-06", dataset, rows)
    return figures_of(workspace, "2018-06", 35)


def one(figures: pd.DataFrame, code: str, month: str, group: str = "all", period: str | None = None) -> pd.Series:
    """The one figure of a measure's code, month and group, for its first period unless another is named."""
    period = period or next(measure.periods[0] for measure in MEASURES if measure.code == code)
    chosen = figures[(figures["code"] == code) & (figures["month"] == month) & (figures["group"] == group)]
    if group == "all":
        chosen = chosen[chosen["breakdown"] == "all"]
    chosen = chosen[chosen["period"] == period]
    assert len(chosen) == 1, f"{len(chosen)} figures for {code} {month} {group} {period}"
    return chosen.iloc[0]


def counts(
    figures: pd.DataFrame, code: str, month: str, group: str = "all", period: str | None = None
) -> tuple[float, float]:
    """Numerator and denominator of one figure."""
    figure = one(figures, code, month, group, period)
    return figure["numerator"], figure["denominator"]


EPISODE = {
    "episode_id": "", "child_id": "C1", "category": "M", "looked_after_flag": "Y", "responsible_la": "Exampleshire",
    "placed_or_living_in_la": "IN", "missing_from": "", "found_at": "", "returned_at": "", "rhi_required": "Y",
    "not_required_reason": "", "offered": "Y", "outcome": "accepted", "interview_at": "",
}  # fmt: skip
PLACEMENT = {
    "CHILD": "C1", "DECOM": "", "RNE": "S", "LS": "C2", "CIN": "N1", "PLACE": "U6", "PLACE_PROVIDER": "PR1", "DEC": "",
    "REC": "", "REASON_PLACE_CHANGE": "", "HOME_POST": "ZZ1 1ZZ", "PL_POST": "ZZ1 1ZZ", "URN": "",
}  # fmt: skip
SPELL = {
    "worker_id": "W1", "role": "Case holder", "team": "North", "contract": "permanent", "fte": "1", "started_on": "",
    "left_on": "", "leaving_reason": "", "newly_qualified": "N", "cases": "10",
}  # fmt: skip


def episode(number: int, **values: str) -> Row:
    """A missing episode; by default of our own looked-after child, interview offered and accepted."""
    unknown = set(values) - set(EPISODE)
    assert not unknown, unknown
    given = {"episode_id": f"E{number}", **values}
    given.setdefault("missing_from", given.get("found_at") or given.get("returned_at", ""))
    return EPISODE | given


def placement(child: str, start: str, end: str = "", **values: str) -> Row:
    """An episode of care, by default in foster care with the authority's own carers."""
    assert set(values) <= set(PLACEMENT)
    return PLACEMENT | {"CHILD": child, "DECOM": start, "DEC": end, "REC": "X1" if end else ""} | values


def spell(worker: str, start: str, end: str = "", **values: str) -> Row:
    """An employment spell, by default permanent, full time and experienced."""
    assert set(values) <= set(SPELL)
    return SPELL | {"worker_id": worker, "started_on": start, "left_on": end} | values
