"""The readings of all known extracts, and the faults of those that cannot be used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from perfpipe.faults import Fault
from perfpipe.ledger import Ledger
from perfpipe.plan import Plan
from perfpipe.read import Parser
from perfpipe.readings import Reading, read_and_validate
from perfpipe.settings import Settings, Workspace
from perfpipe.typed_sheets import refusal

TOLD_EVERY = 20  # extracts


def usable_readings(
    workspace: Workspace,
    settings: Settings,
    plan: Plan,
    ledger: Ledger,
    cut: datetime | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
    earlier: bool = False,
) -> tuple[list[Reading], list[Fault]]:
    """Readings, made or from the cache, of all extracts received by a cut; and what keeps the others out.

    Nothing is told of a file that was kept out and has since been replaced under its name. `progress` is given how many
    extracts have been read, and of how many. `earlier`: the plan is an earlier revision.
    """
    readings: list[Reading] = []
    kept_out: list[Fault] = []
    known, made_before = ledger.extracts_known(cut), ledger.readings_known()
    with Parser(settings.limits) as parser:
        for number, extract in enumerate(known, 1):
            made = read_and_validate(workspace, settings, ledger, parser, extract, made_before)
            wrong = refusal(made, plan, ledger, settings, earlier) if isinstance(made, Reading) else made
            if isinstance(made, Reading) and not wrong:
                readings.append(made)
            elif not extract["replaced"]:
                kept_out += wrong
            if number % TOLD_EVERY == 0 or number == len(known):
                progress(number, len(known))
    return readings, kept_out
