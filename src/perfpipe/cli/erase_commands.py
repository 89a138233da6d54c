"""What is forgotten: `perfpipe erase`, `retain`. An id is typed at a prompt and stands nowhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from perfpipe.cli.words import DONE, WRONG_USE, Where, at, say

if TYPE_CHECKING:
    from perfpipe.erase.erasure_plan import ErasurePlan

Reason = Literal["request", "court_order", "adoption", "sent_in_error", "other"]
Whose = Literal["child", "worker", "household"]
CONFIRM = "erase"
FOR_A_PERSON = (
    "backups of this workspace: delete or expire those made before today, as your own rules say",
    "what was exported with `perfpipe figures`, `explain` or `plan`, and what was copied from the folders above",
    "restricted workbooks that were sent to owners of data: ask whoever has them to delete them",
    "the source systems themselves, and files that they may send again",
)


def erase(
    *,
    reason: Reason | None = None,
    by: str = "",
    whose: Whose = "child",
    go_on: bool = False,
    workspace: Where = Path(),
) -> int:
    """Erase the records of one person: it asks for their id, lists every place and figure concerned, then asks.

    What was published stays as it was published. It cannot be undone. See docs/erasure.md.

    Parameters
    ----------
    reason
        Why; kept in the ledger.
    by
        Who decided it: the id of a role in plan.toml.
    whose
        Whose id it is: a child's, a worker's, or that of a household of adopters.
    go_on
        Only finish an erasure that was stopped. It asks for nothing.
    """
    from perfpipe.datasets.definition import PersonKind
    from perfpipe.erase.commands import check_role, continue_erasures, erase_person
    from perfpipe.erase.erasure_plan import ErasureReason
    from perfpipe.settings.settings import SettingsError
    from perfpipe.settings.workspace import Workspace

    where = Workspace(at(workspace))
    if go_on:
        say(f"erase: {continue_erasures(where, say) or 'none'} finished that had been begun")
        return DONE
    if reason is None or not by:
        raise SettingsError(["give --reason and --by: both are kept in the ledger"])
    check_role(where, by)
    typed = _asked_without_echo(f"Id of the {whose}, as the source writes it (it is not shown): ")
    done = erase_person(where, PersonKind(whose), ErasureReason(reason), by, typed, _ask, say)
    return _told(done)


def retain(*, by: str = "", also_needed: bool = False, yes: bool = False, workspace: Where = Path()) -> int:
    """Erase what is older than [retention] in perfpipe.toml keeps it: it lists every place and figure, then asks.

    What look-backs and the months that packs show still need stays, and is listed.

    Parameters
    ----------
    by
        Who decided it: the id of a role in plan.toml; not needed where the settings decide it.
    also_needed
        Erase also what figures still need: these stay as they were published then.
    yes
        Do not ask: for a nightly call.
    """
    from perfpipe.erase.commands import retain as retain_workspace
    from perfpipe.settings.workspace import Workspace

    where = Workspace(at(workspace))
    kept = where.settings().retention
    for line in kept.lines():
        print(line)
    if not kept.is_set:
        return DONE

    def ask(plan: ErasurePlan) -> bool:
        if plan.is_empty or yes:
            _print(plan)
            return True
        return _ask(plan)

    return _told(retain_workspace(where, by, ask, say, also_needed=also_needed))


def _told(done: ErasurePlan | None) -> int:
    if done is None:
        say("nothing was erased")
        return WRONG_USE
    if done.is_empty:
        print("nothing to erase")
        return DONE
    print("erased. For a person to deal with:")
    for each in (*(f"{place}: holds a text of the person; edit or delete it" for place in done.finds), *FOR_A_PERSON):
        print(f"    {each}")
    return DONE


def _asked_without_echo(words: str) -> str:
    if not sys.stdin.isatty():  # piped by a script of somebody's own
        return sys.stdin.readline()
    import getpass

    return getpass.getpass(words)


def _ask(plan: ErasurePlan) -> bool:
    _print(plan)
    if plan.is_empty:
        return True
    print(f"This cannot be undone. Type {CONFIRM!r} to go on: ", end="", flush=True)
    return sys.stdin.readline().strip() == CONFIRM


def _print(plan: ErasurePlan) -> None:
    for line in plan_lines(plan):
        print(line)


def plan_lines(plan: ErasurePlan) -> Iterator[str]:
    """What an erasure would do, as lines to read."""
    from perfpipe.erase.erasure_plan import figure_lines
    from perfpipe.phrases.counted_nouns import count_of

    if plan.spellings > 1:
        yield f"The id is written in {plan.spellings} ways, which differ in capital letters or blanks; all are meant."
    yield f"Delivered files and their stored copies: {len(plan.files)}"
    for each in plan.files:
        rows = f"{count_of(each.rows, 'row')} of it" if each.rows else "named in other rows: the name goes"
        yield f"    {each.place} ({', '.join(each.datasets)}): {'the whole file' if each.whole else rows}"
    yield f"Faults that lose their place and words: {plan.faults}"
    yield f"Corrections: {plan.corrections} in corrections.toml, and in {plan.correction_copies} copies that runs kept"
    yield f"Restricted workbooks that a note replaces: those of {len(plan.workbooks)} editions"
    yield from (f"    {each}" for each in plan.workbooks)
    lines = figure_lines(plan)
    yield f"Published figures whose rows go; they stay as they were published: {len(plan.frozen)}"
    yield from (f"    {each}" for each in lines)
    if plan.refused:
        yield f"Old, and kept as figures still need them (`--also-needed` erases them, too): {len(plan.refused)}"
        yield from (f"    {each}" for each in plan.refused)
    if plan.finds:
        yield f"FOUND in files that stay, for a person to look at: {len(plan.finds)}"
        yield from (f"    {each}" for each in plan.finds)
    if plan.unsearched:
        yield f"Could not be searched, for a person to look at: {len(plan.unsearched)}"
        yield from (f"    {each}" for each in plan.unsearched)
