"""The command about how much first figures move: `perfpipe first-figures`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from perfpipe.cli.words import DONE, Where, at, say

if TYPE_CHECKING:
    import pandas as pd

    from perfpipe.rerun.how_figures_moved import FirstFigures


def first_figures(
    measure: str | None = None, *, workspace: Where = Path(), format: Literal["text", "csv", "json"] = "text"
) -> int:
    """Show how figures moved after they were first known: each month over time, and the average.

    A month's first figure is what was known on its due day: 45 days after its end, unless perfpipe.toml sets
    `first_figures_due_days`. First figures that are missing are worked out and kept.

    Parameters
    ----------
    measure
        The measure's id or code, as `perfpipe measures` lists them. Without it: the averages of all measures.
    format
        text, csv or json.
    """
    from perfpipe.rerun.how_figures_moved import first_figures_known
    from perfpipe.settings.workspace import Workspace

    found = first_figures_known(Workspace(at(workspace)), measure, progress=say)
    if format == "json":
        known = found.triangle if measure else None
        cells = {} if known is None else {"triangle": json.loads(known.to_json(orient="records", double_precision=15))}
        print(json.dumps({"mean_revisions": found.averages()} | cells, indent=1))
    elif format == "csv":
        import pandas as pd

        frame = found.triangle if measure else pd.DataFrame(found.averages())
        sys.stdout.write(frame.to_csv(index=False, lineterminator="\n"))
    else:
        _print_text(found, with_triangle=measure is not None)
    return DONE


def _print_text(found: FirstFigures, *, with_triangle: bool) -> None:
    if with_triangle:
        for period, cells in found.triangle.groupby("period", sort=False):
            print(f"{period}: by months since the month's due day")
            print(_table(cells))
    for line in found.sentences():
        print(line)
    if not found.moves:
        say("too early to say how figures move: six months must have a first figure and a later one")


def _table(cells: pd.DataFrame) -> str:
    wide = cells.pivot(index="month", columns="months_since", values="shown").fillna("")
    return wide.rename_axis(index=None, columns=None).to_string()
