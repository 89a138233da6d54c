"""Withdraw: an extract that is not to be used any more."""

from __future__ import annotations

from datetime import UTC, datetime

from perfpipe.dates.months import in_london
from perfpipe.receive.delivery_folders import month_of_folder
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace
from perfpipe.storage.access import login


def withdraw_extract(workspace: Workspace, extract_id: str, reason: str, at: datetime | None = None) -> None:
    """Withdraw the one extract whose id starts so. `at`: by this clock, else now.

    Raises SettingsError: none, several, or withdrawn already."""
    from perfpipe.ledger.history_records import EventKind, EventRecord
    from perfpipe.ledger.hold import hold

    if len(extract_id) < 6 or not reason.strip():
        raise SettingsError(["give at least six characters of the extract's id, and a reason"])
    with hold(workspace) as ledger:
        chosen = ledger.extracts_named(extract_id)
        if len(chosen) != 1:
            found = f"{len(chosen)} extracts have an id that starts with {extract_id!r}"
            raise SettingsError([f"{found}; nothing was changed"])
        if chosen[0].withdrawn_at:
            when = in_london(chosen[0].withdrawn_at)
            raise SettingsError([f"{extract_id}: was already withdrawn at {when}; nothing was changed"])
        came = [each.delivery for each in ledger.extracts_known(None) if each.id == chosen[0].id]
        month = month_of_folder(came[0].folder) if came else None
        now, about = at or datetime.now(UTC), f"{chosen[0].dataset} {chosen[0].id[:12]}"
        with ledger.writing():
            ledger.withdraw(chosen[0].id, reason, now)
            ledger.add_event(EventRecord(now, "", login(), EventKind.WITHDRAWN, month, about, reason))
