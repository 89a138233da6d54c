"""Send: notices by e-mail, Teams or a webhook, each to a channel once.

The addresses are Apprise's (mailto://, msteams://, json:// and so on) and stand in the environment, as they hold
passwords. What could not be sent is sent at the next occasion, and never holds up a run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from perfpipe.ledger.hold import hold
from perfpipe.schedule.notices import Notice, told_as
from perfpipe.settings.deliveries import Notify
from perfpipe.settings.workspace import Workspace

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


def _is_for(channel: Notify, notice: Notice) -> bool:
    return notice.occasion in channel.on and bool(notice.text_for(channel.owner))


def _accepted(address: str, notice: Notice, owner: str) -> bool:
    import apprise

    sender = apprise.Apprise()
    body = notice.text_for(owner)
    return sender.add(address) and bool(sender.notify(title=notice.subject, body=body, body_format="text"))
