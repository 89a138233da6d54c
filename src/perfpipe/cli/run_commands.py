"""The commands about extracts and runs of them: `perfpipe run`, `check`, `withdraw`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from perfpipe.cli.backfill_commands import compare
from perfpipe.cli.words import DONE, STOPPED, Where, at, day_of, month_of, say, with_workspace

if TYPE_CHECKING:
    from perfpipe.publish.editions import Outcome


def run(
    month: str,
    *,
    workspace: Where = Path(),
    reason: str = "",
    plan_of: str = "",
    as_known: str | None = None,
    dry_run: bool = False,
) -> int:
    """Run a month: receive new files, check them, compute, compare with the plan, publish the board pack.

    Running again with nothing new changes nothing and says so.

    Parameters
    ----------
    month
        The reporting month, YYYY-MM.
    reason
        Why it is run again; kept with the run.
    plan_of
        With the plan of its time instead of plan.toml: a day, YYYY-MM-DD, or the start of a hash, as `perfpipe plan
        history` lists them. The pack says so on its cover; plan.toml stays as it is.
    as_known
        Make the pack as it would have been: from what had been received by this day, YYYY-MM-DD, with today's plan and
        definitions. It says so on every page, stands beside the editions, and changes no figure.
    dry_run
        Publish nothing: show what would change, as `perfpipe compare MONTH` does.
    """
    if dry_run:
        return compare(month, workspace=workspace)
    from perfpipe.run import run_month
    from perfpipe.settings.workspace import Workspace

    where, day = Workspace(at(workspace)), day_of(as_known) if as_known else None
    outcome = run_month(where, month_of(month), reason=reason, plan_of=plan_of, as_known=day, progress=say)
    _tell(outcome, month, as_known)
    print(outcome.pack.resolve())
    return DONE


def _tell(outcome: Outcome, month: str, as_known: str | None) -> None:
    for dataset in outcome.missing:
        say(f"missing: there is no extract of {dataset} for {month}; its figures are not available")
    for part in outcome.parts_missing:
        say(f"missing: {part}")
    counts = ", ".join(f"{number} {severity}" for severity, number in sorted(outcome.fault_counts.items()))
    say(f"faults: {counts or 'none'}; `perfpipe check {month}` lists them")
    say(f"faults with what was found, for the performance team only: {outcome.faults_book.resolve()}")
    if outcome.changed and as_known:
        say(f"made: the pack as known on {as_known}; it is no edition, and no figure was changed")
    elif outcome.changed:
        say(f"published: {outcome.figures_written} figures are new or changed")
    else:
        say("unchanged: the same extracts, plan and definitions as before; the pack below is still current")
    for path in outcome.to_send:
        say(f"to send: {path.resolve()}")


def check(month: str | None = None, *, workspace: Where = Path(), details: bool = False) -> int:
    """Receive and check what has been delivered, and list every fault by who corrects it: what, where, what to do.

    Values are never shown: in "found 99/99/9999", 9 stands for any digit and A for any letter.

    Parameters
    ----------
    month
        Only the faults of the extracts used for this month, YYYY-MM, or in its folder, and those that stop
        every run. Without it: all extracts.
    details
        One line for every fault of every severity; without it, warnings are counted by rule.
    """
    from perfpipe.check import check_workspace
    from perfpipe.cli.fault_lines import lines_by_owner
    from perfpipe.packs.wording.numbers import count_of
    from perfpipe.settings.workspace import Workspace

    where = Workspace(at(workspace))
    faults = check_workspace(where, month_of(month) if month else None, progress=say)
    for line in lines_by_owner(faults, where.settings(), details):
        print(with_workspace(line))
    stops, excluded = (sum(fault.severity == severity for fault in faults) for severity in ("stop", "exclude"))
    say(
        f"{count_of(len(faults), 'fault')}: {stops} stop the run, {excluded} leave a row out of figures, "
        "the rest do not affect figures"
    )
    return STOPPED if stops else DONE


def verify(*, workspace: Where = Path(), format: Literal["text", "json"] = "text") -> int:
    """Check that all that is stored is as it was written: extracts, caches, editions, and the ledger itself.

    Says what is wrong and how to repair it. Changes nothing, but puts an edition in its place that was published by a
    run which was stopped too early. Ends with 1 where something is wrong.

    Parameters
    ----------
    format
        Lines to read, or `json`.
    """
    from perfpipe.packs.wording.numbers import count_of
    from perfpipe.settings.workspace import Workspace
    from perfpipe.verify import verify_workspace

    found = verify_workspace(Workspace(at(workspace)))
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
