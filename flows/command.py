"""A flow from the command line: quiet, and with the exit codes of `perfpipe`."""

from __future__ import annotations

import sys
from collections.abc import Callable

from prefect import Flow
from prefect.client.schemas.objects import State
from prefect.exceptions import TerminationSignal

from flows.stages import NAMES, failed, say
from perfpipe.cli.words import INTERRUPTED


def in_short(flow: Flow[..., State]) -> str:
    """What a flow does, for the help of its command: the sentence before its parameters."""
    return (flow.description or "").partition("\n\n")[0]


def exit_with(run: Callable[[], State]) -> None:
    """Run a flow to its end and exit: 0 done, 1 stopped, 2 wrong use, 3 internal error, 4 held, 130 interrupted."""
    try:
        state = run()
    except (KeyboardInterrupt, TerminationSignal):
        say("interrupted: nothing from the month in progress was saved")
        sys.exit(INTERRUPTED)
    except Exception as error:
        state = failed(error)
    sys.exit(NAMES.get(state.name or "", NAMES["Failed"]))
