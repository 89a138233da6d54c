"""The command that asks the owners of measures for their words: `perfpipe commentary`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from perfpipe.cli.words import DONE, Where, at, exporting, month_of, say


def commentary(month: str, *, role: Annotated[str, Parameter(name="--for")] = "", workspace: Where = Path()) -> int:
    """Write a workbook in which the owners of measures say what lies behind the figures, for the Board's pack.

    It has a row for each measure with a target: its figures, the sentence by rule and what was written last. Send it
    out, put it back into commentary/MONTH/ when it is filled in, and run the month: packs show the words with role and
    day. `perfpipe check MONTH` lists what is wrong with it. docs/commentary.md says more.

    Parameters
    ----------
    month
        The reporting month, YYYY-MM.
    role
        Only the measures of this owner: a role, or its id in the plan. Without it: all, the rows of an owner together.
    """
    from perfpipe.phrases.counted_nouns import count_of
    from perfpipe.questions.commentary_request import ask_for_commentary
    from perfpipe.settings.workspace import Workspace

    where = Workspace(at(workspace))
    with exporting(workspace):
        made = ask_for_commentary(where, month_of(month), role, progress=say)
    print(made.path.resolve())
    owners = made.owners[0] if len(made.owners) == 1 else f"{len(made.owners)} owners"
    say(f"{count_of(made.rows, 'measure')} for {owners}; words are expected for {made.asked}, welcome for the rest")
    say(
        f"send it out, and put what comes back into {made.path.parent.resolve()}, under any name that ends in .xlsx; "
        f"then `perfpipe check {month}` lists what is wrong, and `perfpipe run {month}` takes it in"
    )
    return DONE
