"""The commands about extracts and runs of them: `perfpipe run`, `verify`, `withdraw`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from perfpipe.cli.backfill_commands import compare
from perfpipe.cli.schedule_commands import run_what_is_due, tell_of_problems
from perfpipe.cli.words import DONE, STOPPED, Where, at, day_of, month_of, say, with_workspace

if TYPE_CHECKING:
    from perfpipe.publish.editions import Outcome


def run(
    month: str | None = None,
    *,
    workspace: Where = Path(),
    due: bool = False,
    reason: str = "",
    plan_of: str = "",
    as_known: str | None = None,
    allow_empty: bool = False,
    dry_run: bool = False,
) -> int:
    """Run a month: receive new files, check them, compute, compare with the plan, publish the board pack.

    Running again with nothing new changes nothing and says so.

    Parameters
    ----------
    month
        The reporting month, YYYY-MM.
    due
        Without a month: run each of the last three months for which all expected extracts have come, or whose due day
        has, and tell whom the settings name. For Task Scheduler or cron; see docs/schedule.md.
    reason
        Why it is run again; kept with the run.
    plan_of
        Use the plan of its time instead of plan.toml: a day, YYYY-MM-DD, or the start of a hash, as `perfpipe plan
        history` lists them. The pack says so on its cover; plan.toml stays as it is.
    as_known
        Make the pack as it would have been: from what had been received by this day, YYYY-MM-DD, with today's plan and
        definitions. It says so on every page, stands beside the editions, and changes no figure.
    allow_empty
        Also a month that has not ended, or of which no extract was delivered.
    dry_run
        Publish nothing: show what would change, as `perfpipe compare MONTH` does.
    """
    if due:
        return run_what_is_due(at(workspace), month)
    if dry_run and month:
        return compare(month, workspace=workspace)
    return _run_one(month, at(workspace), reason, plan_of, as_known, allow_empty)


def _run_one(month: str | None, root: Path, reason: str, plan_of: str, as_known: str | None, allow_empty: bool) -> int:
    from perfpipe.check.check import check_workspace
    from perfpipe.cli.check_command import write_restricted
    from perfpipe.faults.stopping import StoppingFaults
    from perfpipe.run import run_month
    from perfpipe.settings.settings import SettingsError
    from perfpipe.settings.workspace import Workspace

    if month is None:
        raise SettingsError(["which month? Give one as YYYY-MM, or --due for those that are due"])
    where, day = Workspace(root), day_of(as_known) if as_known else None
    try:
        outcome = run_month(
            where, month_of(month), reason=reason, plan_of=plan_of, as_known=day, progress=say, allow_empty=allow_empty
        )
    except StoppingFaults:
        write_restricted(check_workspace(where, month_of(month), lambda _: None, with_values=True), where)
        raise
    _tell(outcome, month, as_known)
    print(outcome.pack.resolve())
    return DONE


def _tell(outcome: Outcome, month: str, as_known: str | None) -> None:
    for dataset in outcome.missing:
        say(f"missing: there is no extract of {dataset} for {month}; its figures are not available")
    for part in outcome.parts_missing:
        say(f"missing: {part}")
    _tell_of_commentary(outcome)
    counts = ", ".join(f"{number} {severity}" for severity, number in sorted(outcome.fault_counts.items()))
    say(f"faults: {counts or 'none'}; `perfpipe check {month}` lists them")
    say(f"faults with what was found, for the performance team only: {outcome.faults_book.resolve()}")
    if outcome.changed and as_known:
        say(f"made: the pack as known on {as_known}; it is not an edition, and no figure was changed")
    elif outcome.changed and outcome.is_draft:
        say(f"made: a draft, as {month} is signed off; no figure was changed. `perfpipe reopen {month}` ends that")
    elif outcome.changed:
        say(f"published: {outcome.figures_written} figures are new or changed")
    else:
        say("unchanged: the same extracts, plan and definitions as before; the pack below is still current")
    for path in outcome.to_send:
        say(f"to send: {path.resolve()}")


def _tell_of_commentary(outcome: Outcome) -> None:
    from perfpipe.phrases.counted_nouns import count_of

    if outcome.comments or outcome.comments_left_out:
        verb = "has faults and is" if outcome.comments_left_out == 1 else "have faults and are"
        left_out = (
            f"; {count_of(outcome.comments_left_out, 'row')} {verb} left out" if outcome.comments_left_out else ""
        )
        say(f"commentary: owners' words on {count_of(outcome.comments, 'measure')}{left_out}")


def verify(*, workspace: Where = Path(), format: Literal["text", "json"] = "text", notify: bool = False) -> int:
    """Check that all that is stored is as it was written: extracts, caches, editions, and the ledger itself.

    It says what is wrong and how to repair it. It changes nothing, except that it finishes publishing an edition if the
    run was stopped just before the end. The exit code is 1 if something is wrong.

    Parameters
    ----------
    format
        text or json.
    notify
        Tell those whom the settings name if something is wrong: for a nightly check.
    """
    from perfpipe.phrases.counted_nouns import count_of
    from perfpipe.settings.workspace import Workspace
    from perfpipe.verify import verify_workspace

    where = Workspace(at(workspace))
    found = verify_workspace(where)
    if notify and found.problems:
        tell_of_problems(where, found)
    if format == "json":
        print(json.dumps(asdict(found), indent=2, ensure_ascii=False))
    else:
        for said in found.finished:
            print(said)
        for each in found.problems:
            print(with_workspace(f"{each.kind}: {each.path}: {each.found}. {each.what_to_do}"))
    checked = ", ".join(count_of(number, kind) for kind, number in found.checked.items()) or "nothing"
    say(f"checked: {checked}; {count_of(len(found.problems), 'problem')}")
    return STOPPED if found.problems else DONE


def withdraw(extract: str, *, reason: str, workspace: Where = Path()) -> int:
    """Withdraw an extract: it is no longer used for any month. Nothing is deleted.

    Parameters
    ----------
    extract
        The first characters of the extract's id, as messages and manifests show it.
    reason
        Why; kept in the ledger.
    """
    from perfpipe.receive.withdraw import withdraw_extract
    from perfpipe.settings.workspace import Workspace

    withdraw_extract(Workspace(at(workspace)), extract, reason)
    print(f"withdrawn: {extract}")
    return DONE
