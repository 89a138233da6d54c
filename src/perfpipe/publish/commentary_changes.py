"""What changed in the commentary of a month since it was last published: whose and when, and never the words."""

from __future__ import annotations

from collections.abc import Sequence

from perfpipe.commentary.comment import Comment
from perfpipe.commentary.take_in import kept_commentary
from perfpipe.ledger.history_records import EventKind, EventRecord
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import RunRecord
from perfpipe.settings.workspace import Workspace


def commentary_changes(
    ledger: Ledger, workspace: Workspace, run: RunRecord, comments: Sequence[Comment]
) -> list[EventRecord]:
    """An event for each measure of which something was written, changed or taken back."""
    before = {each.place: each for each in last_published(ledger, workspace, run)}
    now = {each.place: each for each in comments}
    events = []
    for place in dict.fromkeys((*now, *before)):
        old, new = before.get(place), now.get(place)
        if old == new:
            continue
        told = "removed" if new is None else "added" if old is None else "changed"
        of = new or old
        assert of is not None
        why = f"{told}, written on {of.written_on}"
        events.append(EventRecord(run.run_at, of.role, run.login, EventKind.COMMENTED, run.month, " ".join(place), why))
    return events


def last_published(ledger: Ledger, workspace: Workspace, run: RunRecord) -> tuple[Comment, ...]:
    """What the month's newest edition shows of owners' words; nothing before its first."""
    done = [each for each in ledger.runs(month=run.month) if each.is_done]
    return kept_commentary(workspace, done[-1].commentary_sha256) if done else ()
