"""Caseloads by team and worker, and the placements that are open, at the month's end, for those who manage the teams.

Restricted: they name workers and children. The same rows as SW-12 and PL-01 count, so that lists and figures agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from perfpipe.compute.measure_rows import MeasureRows
from perfpipe.datasets.placements import PLACEMENT, PLACEMENTS, PROVIDER, TEMPORARY
from perfpipe.datasets.social_workers import SOCIAL_WORKERS
from perfpipe.dates.months import LONDON
from perfpipe.job.fingerprint import fingerprint_of
from perfpipe.measures.placement_groups import children, in_care
from perfpipe.measures.social_workers import CONTRACT
from perfpipe.packs.content.board_pack import AUDIENCES
from perfpipe.packs.models.team_lists import TeamBook, TeamCell, TeamList

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from perfpipe.datasets.definition import Dataset
    from perfpipe.job.job import Job, Sources
    from perfpipe.validate.reading import Reading

FOUND_IN = ("File", "Sheet", "Row")
NO_TEAM, NOT_KNOWN = "Team not known", "Not known"


def team_book(job: Job, sources: Sources) -> TeamBook:
    """What the workbook shows of the month, of the datasets for which an extract speaks for it."""
    lists: list[TeamList] = []
    missing: list[str] = []
    for dataset, lists_of in ((SOCIAL_WORKERS, _caseload_lists), (PLACEMENTS, _placement_lists)):
        reading = sources.speaks_for[dataset.id].by_month.get(job.month)
        if reading is None:
            missing.append(f"{dataset.title}: no extract has come for this month")
        else:
            lists += lists_of(job, _rows_of(job, sources, dataset, reading), reading)
    return TeamBook(
        authority=job.settings.authority.name,
        month_label=job.month.label,
        audience=AUDIENCES["analyst"],
        fingerprint=fingerprint_of(job, sources),
        lists=tuple(lists),
        missing=tuple(missing),
    )


def _rows_of(job: Job, sources: Sources, dataset: Dataset, reading: Reading) -> MeasureRows:
    """The rows of the one extract that speaks for the month."""
    rows = MeasureRows(sources.speaks_for, [job.month], job.settings.authority.names, places=job.places)
    return rows.with_rows({dataset.id: reading.rows().assign(reading_id=reading.id)})


def _caseload_lists(job: Job, rows: MeasureRows, reading: Reading) -> tuple[TeamList, ...]:
    posts = caseloads(rows.extracts(SOCIAL_WORKERS).open_at_end(), job.plan.counting.caseload_ceiling)
    made = f"{reading.extracted_at.astimezone(LONDON):%d/%m/%Y}"
    held = f"In post on {job.month.last_day:%d/%m/%Y}, with the cases held when the extract was made, {made}. "
    over = f"Over {job.plan.counting.caseload_ceiling}"
    names = ("team", "worker_id", "role", "contract", "fte", "cases", "per_fte", "over")
    return (
        TeamList(
            "Teams",
            f"{held}Most cases for each full-time equivalent first. FTE and cases of those who hold cases.",
            ("Team", "Workers", "With cases", "FTE with cases", "Cases", "Cases per FTE", over),
            _cells(_by_team(posts)),
        ),
        TeamList(
            "Workers",
            f"{held}By team, most cases for each full-time equivalent first. A line for each post; cases per FTE and "
            f"the ceiling of {job.plan.counting.caseload_ceiling} are of all posts of a person.",
            ("Team", "Worker", "Role", "Contract", "FTE", "Cases", "Cases per FTE", over, *FOUND_IN),
            _cells(posts[[*names]], posts["source_row"], reading),
        ),
    )


def caseloads(posts: DataFrame, ceiling: int) -> DataFrame:
    """Posts open at the month's end, by team; most cases per FTE of the person first (`per_fte`, None: not known).

    `holds`: the person has cases and hours, as SW-12 counts. `over`: more than the ceiling for full-time hours.
    """
    person = posts.groupby("worker_id", sort=False)
    cases, fte = person["cases_count"].transform("sum").fillna(0), person["fte"].transform("sum")
    known = person["fte"].transform("count") == person["fte"].transform("size")
    holds = known & (cases >= 1) & (fte > 0)
    is_counted = person["cases_count"].transform("count") > 0
    per_fte = (cases / fte.where(fte > 0)).where(known & is_counted)
    is_over = holds & (cases > ceiling * fte)
    named = posts.assign(
        team=posts["team"].fillna(NO_TEAM),
        contract=posts["contract"].map(CONTRACT.groups),
        cases=posts["cases_count"],
        holds=holds,
        per_fte=per_fte,
        over=np.select([is_over, known & is_counted], ["Yes", "No"], NOT_KNOWN),
    )
    order = named.assign(rank=per_fte.fillna(-1))
    sorted_rows = order.sort_values(["team", "rank", "worker_id", "source_row"], ascending=[True, False, True, True])
    return sorted_rows.drop(columns="rank").reset_index(drop=True)


def _by_team(posts: DataFrame) -> DataFrame:
    """A line for each team, most cases per FTE first, and one for all."""
    lines = [_line(team, rows) for team, rows in posts.groupby("team", sort=True)]
    frame = pd.DataFrame(lines, columns=["team", "workers", "with_cases", "fte", "cases", "per_fte", "over"])
    frame = frame.sort_values("per_fte", ascending=False, kind="stable", na_position="last")
    return pd.concat([frame, pd.DataFrame([_line("All teams", posts)], columns=frame.columns)], ignore_index=True)


def _line(team: object, posts: DataFrame) -> list[object]:
    holding = posts[posts["holds"]]
    fte, cases = float(holding["fte"].sum()), int(holding["cases"].fillna(0).sum())
    per_fte = cases / fte if fte else np.nan
    over = posts.loc[posts["over"] == "Yes", "worker_id"].nunique()
    return [team, posts["worker_id"].nunique(), holding["worker_id"].nunique(), fte, cases, per_fte, over]


def _placement_lists(job: Job, rows: MeasureRows, reading: Reading) -> tuple[TeamList, ...]:
    extracts = rows.extracts(PLACEMENTS)
    placed = open_placements(extracts.open_at_end(), extracts.rows)
    day = f"{job.month.last_day:%d/%m/%Y}"
    headers = ("Child", "Since", "Days", "Placement", "Provider", "Inside boundary", *FOUND_IN)
    reach = "Where the extract does not reach back to the beginning, since the first day it has. "
    no_team = "The extract has no team and no worker."
    is_temporary = placed["placement_code"].isin(TEMPORARY)
    chosen = ((placed, "Placements open", reach), (placed[is_temporary], "Temporary, no end", ""))
    return tuple(
        TeamList(title, f"Open at the end of {day}, longest first. {more}{no_team}", headers,
                 _cells(_shown(each), each["source_row"], reading))
        for each, title, more in chosen
    )  # fmt: skip


def open_placements(at_end: DataFrame, episodes: DataFrame) -> DataFrame:
    """One row for each child looked after, as PL-01 counts, with `since` and `days` of the placement, longest first.

    Takes the episodes open at the month's end and all of the extract. A placement begins with its first episode
    (definitions 4.6), a temporary one with its own.
    """
    placed, ours = children(at_end), episodes[in_care(episodes)]
    first = ours.groupby("child_id")["started_on"].min()
    begun = ours.loc[ours["begins_placement"].astype(bool), ["child_id", "started_on"]]
    pairs = placed[["child_id", "started_on"]].reset_index().merge(begun, on="child_id", suffixes=("", "_begun"))
    latest = pairs[pairs["started_on_begun"] <= pairs["started_on"]].groupby("index")["started_on_begun"].max()
    since = latest.reindex(placed.index).fillna(placed["child_id"].map(first))
    since = since.mask(placed["placement_code"].isin(TEMPORARY), placed["started_on"])
    days = (placed["month_end"] - since).dt.days
    found = placed.assign(since=since, days=days)
    return found.sort_values(["since", "child_id"], kind="stable").reset_index(drop=True)


def _shown(placed: DataFrame) -> DataFrame:
    places, providers = ({code.code: code.label for code in codes.codes} for codes in (PLACEMENT, PROVIDER))
    return pd.DataFrame(
        {
            "child": placed["child_id"],
            "since": placed["since"],
            "days": placed["days"],
            "placement": placed["placement_code"].map(places),
            "provider": placed["provider_code"].map(providers),
            "inside": placed["location"].map({"IN": "Yes", "OUT": "No"}),
        }
    )


def _cells(frame: DataFrame, source_rows: Series | None = None, reading: Reading | None = None) -> tuple[
    tuple[TeamCell, ...], ...
]:  # fmt: skip
    """Plain values, None where there is none; with `source_rows` also where in the extract each line stands."""
    plain = frame.astype(object).where(frame.notna(), None)
    lines = [tuple(_plain(value) for value in values) for values in plain.itertuples(index=False)]
    if source_rows is None or reading is None:
        return tuple(lines)
    places = [reading.at(int(row)) for row in source_rows]
    return tuple((*line, at.file, at.sheet, at.row) for line, at in zip(lines, places, strict=True))


def _plain(value: object) -> TeamCell:
    if isinstance(value, pd.Timestamp):
        return value.date()
    if isinstance(value, np.integer):
        return int(value)
    return float(value) if isinstance(value, np.floating) else value  # type: ignore[return-value]
