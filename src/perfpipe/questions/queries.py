"""Questions to a workspace: figures as the ledger has them or as known on a day, and where one came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from perfpipe.assess.assess import with_revisions
from perfpipe.assess.assessed_figures import ASSESSED
from perfpipe.dates.months import Month, month_range
from perfpipe.frames.frame import Frame, FrameColumn
from perfpipe.history.seen import last_shown, seen_by_run
from perfpipe.ledger.column_types import iso
from perfpipe.ledger.history_records import EventRecord
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import PackAudience, RunState
from perfpipe.measures import MEASURES
from perfpipe.measures.definition import Measure
from perfpipe.phrases.near_names import MEASURES_LISTED, no_such
from perfpipe.plan import load_plan
from perfpipe.plan.manual_measures import all_measures
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace

RUN_ID = FrameColumn("run_id", "Int64", "the run that wrote it; none as known on a day", blanks=True)
KNOWN_AT = FrameColumn("known_at", "str", "when the last extract of its run arrived, in UTC", blanks=True)
OF_ASSESSED = (
    "measure_id", "code", "month", "period", "breakdown", "group", "numerator", "denominator", "value", "state",
    "state_reason", "unit", "target", "status", "lower", "upper", "revised", "provisional", "definition_version",
)  # fmt: skip
OF_FAULTS = ("left_out", "left_out_of", "left_out_why")
PRINTED = Frame(
    "printed figures",
    (*map(ASSESSED.column, OF_ASSESSED), RUN_ID, KNOWN_AT, *map(ASSESSED.column, OF_FAULTS)),
    ASSESSED.key,
)
OUTCOMES = {
    RunState.DONE: "published",
    RunState.UNCHANGED: "unchanged",
    RunState.DRAFT: "draft",
    RunState.AS_KNOWN: "as known on a day",
    RunState.IMPORTED: "imported",
}
CONTRACT = tuple(PRINTED.names)  # new columns come at the end


def measures_of(workspace: Workspace) -> tuple[Measure, ...]:
    """The measures of a workspace: the catalogue's, and those that its plan declares. Raises SettingsError.

    Without a plan, as in a folder that is no workspace, those of the catalogue.
    """
    if not workspace.plan_file.exists():
        return MEASURES
    return all_measures(load_plan(workspace.plan_file, MEASURES))


def measure_named(workspace: Workspace, name: str) -> Measure:
    """The measure with that id or code, in small or capital letters. Raises SettingsError."""
    measures = measures_of(workspace)
    wanted = name.strip().casefold()
    chosen = next((each for each in measures if wanted in (each.id, each.code.casefold())), None)
    if chosen is None:
        names, titles = [*(m.code for m in measures), *(m.id for m in measures)], {m.id: m.title for m in measures}
        raise SettingsError([no_such("measure", name, names, MEASURES_LISTED, titles)])
    return chosen


def figures_known(workspace: Workspace, month: Month | None = None) -> pd.DataFrame:
    """Figures from the latest run that contains each month, as `PRINTED`.

    `revised`: differs from what the audience had seen last when that run started. Raises SettingsError when there is no
    run.
    """
    measures = measures_of(workspace)
    plan = load_plan(workspace.plan_file, MEASURES)
    with _open_ledger(workspace) as ledger:
        runs = [run for run in ledger.runs(containing=month) if run.is_done]
        if not runs:
            raise SettingsError([f"{workspace.root}: {_no_run(ledger, month)}"])
        first, last = min(run.first_month for run in runs), max(run.month for run in runs)
        months = [month] if month else month_range(first, last)
        latest: dict[int, list[Month]] = {}
        for one in months:
            containing = [run.id for run in runs if run.first_month <= one <= run.month]
            if containing:
                latest.setdefault(max(containing), []).append(one)
        frames = []
        for run_id, span in latest.items():
            known = ledger.figures_as_of(run_id, span[0], span[-1])
            known = known[known["month"].isin([str(one) for one in span])].reset_index(drop=True)
            frames.append(with_revisions(known, last_shown(ledger, seen_by_run(ledger, plan, run_id), span)))
    return in_order(pd.concat(frames, ignore_index=True), measures)


def _no_run(ledger: Ledger, month: Month | None) -> str:
    done = [run for run in ledger.runs() if run.is_done]
    if not done or not month:
        return "no run yet; `perfpipe run MONTH` makes one"
    first, last = min(run.first_month for run in done), max(run.month for run in done)
    return f"no run contains {month}; runs so far contain {first} to {last}: `perfpipe run {month}` makes one"


@dataclass(frozen=True)
class RunTold:
    """A run: when it began, of which month and back to which, by whom, what came of it and why it was made.

    `edition`: what it published, as `board edition 2`; empty where nothing was new (`same_as`: as which run).
    """

    id: int
    run_at: datetime
    month: str
    first_month: str
    outcome: str
    edition: str
    same_as: int | None
    role: str
    login: str
    reason: str


def runs_known(workspace: Workspace, month: Month | None = None) -> list[RunTold]:
    """Every run, or those of a month, the newest first. Raises SettingsError."""
    with _open_ledger(workspace) as ledger:
        editions = {each.run_id: each for each in ledger.editions() if each.audience is PackAudience.BOARD}
        roles = {(event.at, event.month): event.role for event in ledger.events() if event.role}
        told = []
        for run in reversed(ledger.runs(month=month)):
            if run.state is RunState.IMPORTED:  # what an older pack had shown
                continue
            pack = editions.get(run.id)
            kind = pack.kind.replace("_", " ") if pack else ""
            made = f"{pack.audience} {kind} {pack.edition}" if pack else ""
            role = roles.get((run.run_at, run.month), "")
            outcome = OUTCOMES[run.state]
            told.append(
                RunTold(run.id, run.run_at, str(run.month), str(run.first_month), outcome, made, run.same_as, role,
                        run.login, run.reason)
            )  # fmt: skip
        return told


def events_known(workspace: Workspace, month: Month | None = None) -> list[EventRecord]:
    """Who did what, in the order in which it was recorded; of one month only what concerns it. Raises SettingsError."""
    with _open_ledger(workspace) as ledger:
        return ledger.events(month)


@contextmanager
def _open_ledger(workspace: Workspace) -> Iterator[Ledger]:
    workspace.settings()
    ledger = Ledger.open(workspace.processed)
    try:
        yield ledger
    finally:
        ledger.close()


def in_order(figures: pd.DataFrame, measures: Sequence[Measure]) -> pd.DataFrame:
    """Figures as `PRINTED`, in the order of the measures, months oldest first.

    Measures that the plan declares no more come last.
    """
    rank = {measure.id: number for number, measure in enumerate(measures)}
    places = {
        (m.id, b.id, group): number
        for m in measures
        for b in m.shown.breakdowns
        for number, group in enumerate(b.groups)
    }
    place = [
        places.get((str(m), str(b), str(g)), -1)
        for m, b, g in zip(figures["measure_id"], figures["breakdown"], figures["group"], strict=True)
    ]
    ordered = figures.assign(_rank=figures["measure_id"].map(rank), _place=place)
    ordered = ordered.sort_values(["month", "_rank", "period", "breakdown", "_place"], kind="stable")
    moments = [
        iso(moment) if isinstance(moment, datetime) and not pd.isna(moment) else None for moment in ordered["known_at"]
    ]
    ordered = ordered.assign(known_at=pd.Series(moments, index=ordered.index, dtype="str"))
    return PRINTED.checked(ordered[PRINTED.names].astype({"run_id": "Int64"}).reset_index(drop=True))
