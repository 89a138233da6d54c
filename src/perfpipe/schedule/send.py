"""Send: notices by e-mail, Teams or a webhook, each to a channel once.

The addresses are Apprise's (mailto://, msteams://, json:// and so on) and stand in the environment, as they hold
passwords. What could not be sent is sent at the next occasion, and never holds up a run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from perfpipe.dates.months import LONDON
from perfpipe.ledger.hold import hold
from perfpipe.schedule.due import MonthRun, RunMonth, run_due
from perfpipe.schedule.notices import Notice, failure, notices_of, told_as
from perfpipe.settings.deliveries import Notify
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace, WorkspaceInUse

Tell = Callable[[str], None]


def send(
    workspace: Workspace,
    notices: Sequence[Notice],
    tell: Tell = lambda _: None,
    environment: Mapping[str, str] = os.environ,
) -> int:
    """Tell every channel of the settings what it has not been told yet; returns how many messages were sent.

    `tell` hears of channels without an address and of messages that were refused. Raises WorkspaceInUse.
    """
    channels = workspace.settings().notify
    wanted = [(channel, notice) for channel in channels for notice in notices if _is_for(channel, notice)]
    if not wanted:
        return 0
    sent = 0
    with hold(workspace, tell) as ledger:
        for channel, notice in wanted:
            name = f"{channel.url_from} {channel.owner}"
            told = told_as(notice, name)
            if ledger.was_told(told):
                continue
            address = environment.get(channel.url_from, "")
            if not address:
                tell(f"not sent: {notice.subject}. The environment has no {channel.url_from}: set it to an address.")
            elif _accepted(address, notice, channel.owner):
                with ledger.writing():
                    ledger.add_notice(told, notice.occasion, datetime.now(UTC))
                sent += 1
            else:
                tell(f"not sent: {notice.subject}. The address in {channel.url_from} is wrong or did not answer.")
    return sent


def run_due_and_tell(
    workspace: Workspace,
    tell: Tell,
    in_brief: Callable[[Exception], str],
    run: RunMonth | None = None,
    now: datetime | None = None,
    also: Sequence[Notice] = (),
) -> list[MonthRun]:
    """Run the months that are due, and tell who must know how they stand, or that it failed: `in_brief`, without data.

    `also`: what else is to be told. Raises what `run_due` raises.
    """
    authority = workspace.settings().authority.name
    try:
        runs = run_due(workspace, now, tell, run)
    except (SettingsError, WorkspaceInUse):  # whoever started it is told, or the run in progress will tell
        raise
    except Exception as error:
        _send_or_say(workspace, [*also, failure(authority, datetime.now(LONDON).date(), in_brief(error))], tell)
        raise
    _send_or_say(workspace, [*also, *notices_of(authority, runs)], tell)
    return runs


def _send_or_say(workspace: Workspace, notices: Sequence[Notice], tell: Tell) -> None:
    try:
        send(workspace, notices, tell)
    except WorkspaceInUse:
        tell("nobody was told yet: another run is in progress, and the next look tells")


def _is_for(channel: Notify, notice: Notice) -> bool:
    return notice.occasion in channel.on and bool(notice.text_for(channel.owner))


def _accepted(address: str, notice: Notice, owner: str) -> bool:
    import apprise

    sender = apprise.Apprise()
    body = notice.text_for(owner)
    return sender.add(address) and bool(sender.notify(title=notice.subject, body=body, body_format="text"))
