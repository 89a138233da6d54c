"""The commands about what audiences saw: `perfpipe release`, `reopen`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from perfpipe.cli.words import DONE, Where, at, day_of, month_of

AudienceName = Literal["board"]


def release(
    month: str,
    *,
    by: str,
    note: str,
    audience: AudienceName = "board",
    on: str | None = None,
    edition: int | None = None,
    workspace: Where = Path(),
) -> int:
    """Sign off a month: its newest edition is the one that the audience sees.

    From then on `[r]` marks whatever differs from it. Until the day of the meeting, a run of the month makes a draft;
    `perfpipe reopen` takes the sign-off back.

    Parameters
    ----------
    month
        The month, YYYY-MM.
    by
        Who signs it off: the id of a role in plan.toml.
    note
        What it is for, such as "Board of 14 June"; kept in the ledger.
    audience
        Who sees it.
    on
        The day it is or was seen, YYYY-MM-DD. Without it: the next meeting that is shown this month, or else today.
    edition
        The number of the edition, if it is not the newest.
    """
    from perfpipe.history.release import release as release_edition
    from perfpipe.ledger.records import PackAudience
    from perfpipe.settings.workspace import Workspace

    where, day = Workspace(at(workspace)), day_of(on) if on else None
    released = release_edition(where, month_of(month), PackAudience(audience), by, note, on=day, edition=edition)
    print(f"released: {month} {audience} edition {released.edition.edition}, seen from {released.on}")
    return DONE


def reopen(month: str, *, by: str, reason: str, audience: AudienceName = "board", workspace: Where = Path()) -> int:
    """Take back the sign-off of a month: the next run makes an edition again, not a draft.

    Parameters
    ----------
    month
        The month, YYYY-MM.
    by
        Who takes it back: the id of a role in plan.toml.
    reason
        Why; kept in the ledger.
    audience
        Who was to see it.
    """
    from perfpipe.history.release import reopen as reopen_month
    from perfpipe.ledger.records import PackAudience
    from perfpipe.settings.workspace import Workspace

    reopen_month(Workspace(at(workspace)), month_of(month), PackAudience(audience), by, reason)
    print(f"reopened: {month} {audience}")
    return DONE
