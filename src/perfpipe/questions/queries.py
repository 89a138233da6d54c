"""Questions to a workspace: published figures, runs, and who did what, as the ledger has them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from perfpipe.dates.months import Month
from perfpipe.ledger.history_records import EventRecord
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import PackAudience, RunState
from perfpipe.questions.printed_figures import PRINTED, figures_printed
from perfpipe.settings.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

OUTCOMES = {
    RunState.DONE: "published",
    RunState.UNCHANGED: "unchanged",
    RunState.DRAFT: "draft",
    RunState.AS_KNOWN: "as known on a day",
    RunState.IMPORTED: "imported",
}


def figures_known(workspace: Workspace, month: Month | None = None) -> pd.DataFrame:
    """Figures from the latest run that contains each month, as `PRINTED`. Raises SettingsError when there is no run."""
    import pandas as pd

    frame = pd.DataFrame(figures_printed(workspace, month), columns=PRINTED.names)
    return PRINTED.checked(frame.astype(PRINTED.dtypes))


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
