"""Lists for the people who do the interviews: who is missing now, whose interview is due, whose is overdue.

Restricted: they name children. As at the extract that speaks for the reporting month, not as at the day of the run.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from perfpipe.compute.measure_rows import hosted
from perfpipe.datasets.return_home_interviews import RETURN_HOME_INTERVIEWS
from perfpipe.dates.months import LONDON, local, local_day
from perfpipe.job.fingerprint import fingerprint_of
from perfpipe.job.job import Job, Sources
from perfpipe.measures.interview_view import INTERVIEW_HOURS, episodes, of_other_authorities
from perfpipe.measures.local_choices import AS_USUAL, Counting
from perfpipe.measures.return_home_interviews import DECLINED
from perfpipe.packs.content.board_pack import AUDIENCES
from perfpipe.packs.models.lists import EpisodeLine, ListsBook, ServiceList

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from perfpipe.validate.reading import Reading


def lists_book(job: Job, sources: Sources) -> ListsBook:
    """What the workbook of lists shows: nothing but why, where the month has no extract."""
    reading = sources.speaks_for[RETURN_HOME_INTERVIEWS.id].by_month.get(job.month)
    lists: tuple[ServiceList, ...] = ()
    if reading is not None:
        rows = reading.rows()
        rows = rows.assign(hosted=hosted(rows, job.settings.authority.names))
        lists = service_lists(rows, reading.name, reading.sheet, job.plan.counting)
        lists = _in_their_parts(lists, reading) if reading.parts else lists
    return ListsBook(
        authority=job.settings.authority.name,
        month_label=job.month.label,
        audience=AUDIENCES["analyst"],
        fingerprint=fingerprint_of(job, sources),
        as_at=reading.extracted_at.astimezone(LONDON) if reading else None,
        lists=lists,
    )


def _in_their_parts(lists: tuple[ServiceList, ...], reading: Reading) -> tuple[ServiceList, ...]:
    """The lists of an extract in parts, each line with the file, sheet and row of its own part."""
    places = [[reading.at(line.row) for line in each.rows] for each in lists]
    return tuple(
        replace(
            each,
            rows=tuple(
                replace(line, file=at.file, sheet=at.sheet, row=at.row)
                for line, at in zip(each.rows, found, strict=True)
            ),
        )
        for each, found in zip(lists, places, strict=True)
    )


def service_lists(rows: DataFrame, file: str, sheet: str, counting: Counting = AS_USUAL) -> tuple[ServiceList, ...]:
    """The lists of one extract: missing now, interview due, interview overdue, and other authorities' children.

    Takes its typed rows with `hosted`, and where they come from. Only missing (M) episodes are listed.
    """
    ours, others = _marked(episodes(rows, counting)), _marked(of_other_authorities(rows, counting))
    unlisted = int((ours["impossible"] & ~ours["too_late"] & ~ours["completed"]).sum())
    found_in = (file, sheet)
    return (
        ServiceList("Missing now", "Hours missing", "Longest first.", _missing(ours, found_in)),
        ServiceList(
            "Interviews due",
            "Hours left",
            "Returned, and the 72 hours are still running. Least time left first. Of a return without a time, they "
            "run to the end of the third day after it.",
            _due(ours, found_in),
        ),
        ServiceList(
            "Interviews overdue",
            "Hours overdue",
            "72 hours have passed, there is no interview, and neither the child nor a parent declined. Latest return "
            f"first. {unlisted} more without an interview are not listed, as their return is recorded before they went "
            "missing: see faults.xlsx.",
            _overdue(ours, found_in),
        ),
        ServiceList(
            "Other authorities",
            "Hours",
            "Children of other authorities who live here: for them the authority named owes the interview.",
            (*_missing(others, found_in), *_due(others, found_in), *_overdue(others, found_in)),
        ),
    )


def _marked(view: DataFrame) -> DataFrame:
    """Episodes with which list each belongs to, and the moment by which the interview was to be done (`deadline`)."""
    days = INTERVIEW_HOURS // 24 + 1
    end_of_days = (local_day(view["returned"]) + pd.Timedelta(days=days)).dt.tz_localize(LONDON).dt.tz_convert("UTC")
    deadline = (view["returned"] + pd.Timedelta(hours=INTERVIEW_HOURS)).where(~view["returned_by_date"], end_of_days)
    too_late = view["returned"] > view["as_at"]
    waiting = view["eligible"] & ~view["completed"] & ~view["outcome"].isin(DECLINED)
    return view.assign(
        deadline=deadline,
        too_late=too_late,
        missing_now=(view["returned"].isna() | too_late) & (view["missing_from"] <= view["as_at"]),
        waiting=waiting & ~view["due"],
        overdue=waiting & view["due"],
    )


def _missing(view: DataFrame, found_in: tuple[str, str]) -> tuple[EpisodeLine, ...]:
    chosen = view[view["missing_now"]]
    by_date = chosen["missing_from_precision"] == "date"
    hours = _hours(chosen["missing_from"], chosen["as_at"])
    return _listed(chosen, "Missing now", chosen["missing_from"], by_date, hours, found_in, longest_first=True)


def _due(view: DataFrame, found_in: tuple[str, str]) -> tuple[EpisodeLine, ...]:
    chosen = view[view["waiting"]]
    hours = _hours(chosen["as_at"], chosen["deadline"])
    return _listed(chosen, "Interview due", chosen["returned"], chosen["returned_by_date"], hours, found_in)


def _overdue(view: DataFrame, found_in: tuple[str, str]) -> tuple[EpisodeLine, ...]:
    chosen = view[view["overdue"]]
    hours = _hours(chosen["deadline"], chosen["as_at"])
    return _listed(chosen, "Interview overdue", chosen["returned"], chosen["returned_by_date"], hours, found_in)


def _hours(start: Series, end: Series) -> Series:
    hours: Series = (end - start).dt.total_seconds() / 3600
    return hours


def _listed(
    rows: DataFrame,
    what: str,
    since: Series,
    by_date: Series,
    hours: Series,
    found_in: tuple[str, str],
    longest_first: bool = False,
) -> tuple[EpisodeLine, ...]:
    frame = rows.assign(since=local(since), by_date=by_date, hours=hours)
    frame = frame.sort_values(["hours", "episode_id"], ascending=[not longest_first, True], kind="stable")
    names = ["episode_id", "child_id", "since", "by_date", "hours", "looked_after", "area", "responsible_la",
             "offered", "outcome", "source_row"]  # fmt: skip
    plain = frame[names].astype(object).where(frame[names].notna(), "")
    return tuple(
        EpisodeLine(what, episode, child, at.to_pydatetime(), by, int(hour), looked_after, area, authority, offered,
                    outcome, *found_in, int(row))
        for episode, child, at, by, hour, looked_after, area, authority, offered, outcome, row in plain.itertuples(
            index=False
        )
    )  # fmt: skip
