"""The command that takes in published comparators: `perfpipe comparators`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from perfpipe.cli.words import DONE, WRONG_USE, Where, at, day_of, say

if TYPE_CHECKING:
    from perfpipe.declare_comparators.declare import Proposal, Said
    from perfpipe.settings.workspace import Workspace


def comparators(
    file: Path, *, own: str = "", area: tuple[str, ...] = (), neighbour: tuple[str, ...] = (), released: str = "",
    vintage: str = "", source: str = "", yes: bool = False, workspace: Where = Path(),
) -> int:  # fmt: skip
    """Take in published comparators from the file as it was downloaded: matched, shown, and after a yes written.

    Copies the file into data/comparators/ and writes or updates [comparators] of perfpipe.toml, once both have been
    read as a run will read them. What the settings have stays. docs/comparators.md says what is shown of it.

    Parameters
    ----------
    file
        The export of the Local Authority Interactive Tool, or another CSV file with a row for each key and year.
    own
        The column of your own authority; without it, the one that its name holds.
    area
        A column to show beside your own, as often as there are such; without it, England and the regions in the file.
    neighbour
        The column of one statistical neighbour, as often as there are such; without it, their mean if there is one.
    released
        The day on which the file was published, YYYY-MM-DD: years without a day in the settings count as known then.
    vintage
        When the file was taken, in words; without it, the month of --released.
    source
        Who published it; without it, as the settings have it, or the national tool.
    yes
        Write without asking.
    """
    from perfpipe.declare_comparators.declare import Said
    from perfpipe.declare_comparators.published_file import Wanted
    from perfpipe.settings.workspace import Workspace

    said = Said(Wanted(own, area, neighbour), source, vintage, day_of(released) if released else None)
    return _take_in(Workspace(at(workspace)), file, said, yes)


def _take_in(where: Workspace, file: Path, said: Said, yes: bool) -> int:
    from perfpipe.declare_comparators.declare import propose, write_proposal
    from perfpipe.questions.named_measures import measures_of

    proposal = propose(where, file, said, measures_of(where))
    if proposal.settings == proposal.before:
        print("unchanged: the settings have this file already")
        return DONE
    _show(proposal)
    if not yes and not sys.stdin.isatty():
        say("nothing was written: add --yes, or run it in a terminal, where it asks first")
        return WRONG_USE
    if not yes and input(f"Write this to {where.settings_file}? [y/N] ").strip().lower() not in ("y", "yes"):
        print("Nothing was written.")
        return DONE
    write_proposal(where, proposal)
    print(f"written: [comparators] of {where.settings_file}, and {proposal.place}")
    return DONE


def _show(proposal: Proposal) -> None:
    table, columns = proposal.table, proposal.table["columns"]
    print(f"file: {proposal.place}, from {table['source']}, {table['vintage']}")
    print(f"own: {columns['own']}; areas: {', '.join(columns['areas']) or 'none'}")
    print(f"neighbours: {', '.join(each['name'] for each in table['neighbours']) or 'none'}")
    if ignored := columns.get("ignore"):
        print(f"columns not used: {', '.join(ignored)}")
    for each in proposal.added:
        own_alone = ", your own value alone" if each.show == ("own",) else ""
        print(f"+ {each.measure} ({each.period}): {each.key}{own_alone}")
    for name in proposal.kept:
        print(f"  {name}: as the settings have it")
    for each in proposal.without_key:
        print(f"! {each.measure}: the file has no key {each.key}")
    print(f"keys of the file that no measure is matched with: {proposal.unmatched}")
    if proposal.new_days:
        print(f"years that get {table['releases'][-1]['released']} as day of release: {len(proposal.new_days)}")
    if proposal.no_day:
        print(f"years without a day of release, which are not shown: {', '.join(proposal.no_day)}; give --released")
