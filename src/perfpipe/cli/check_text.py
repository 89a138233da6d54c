"""The words of `perfpipe check`: who has what to correct, kinds of faults and examples, as wide as the screen."""

from __future__ import annotations

import io
import re
import shutil
import textwrap
from collections.abc import Iterator, Sequence

from perfpipe.check.check import CheckedWorkspace, FoundFault
from perfpipe.cli.check_summary import FaultKind, MonthCount, OwnerCount, kinds_of, month_counts, owner_counts
from perfpipe.cli.fault_lines import forms_of
from perfpipe.faults.fault import SHAPES_EXPLAINED, shows_shapes
from perfpipe.phrases.counted_nouns import count_of
from perfpipe.rules.rule import Severity
from perfpipe.settings.settings import Settings

NARROWEST, WIDEST = 60, 120
KINDS = 3  # of one owner, besides those that stop the run
MONTHS = 12
COMMAND, NO_BREAK = re.compile("`[^`]*`"), "\N{NO-BREAK SPACE}"
EFFECTS = {
    Severity.STOP: "stops the run",
    Severity.EXCLUDE: "rows left out",
    Severity.WARN: "warning",
    Severity.INFO: "for information",
}


def check_lines(checked: CheckedWorkspace, settings: Settings, for_month: bool) -> list[str]:
    """A check in brief: the table, months before, and of each owner the kinds that matter most."""
    width = min(max(shutil.get_terminal_size((100, 24)).columns, NARROWEST), WIDEST)
    if not checked.found:
        return ["No faults."]
    current = [each for each in checked.found if each.is_current]
    lines = _newest(checked, current, settings, for_month, width)
    earlier = [each for each in month_counts(checked.found) if checked.month and each.month < checked.month]
    if not for_month and earlier:
        lines += ["", *_earlier(earlier, width)]
    shown = [each for each in checked.found if each.is_current or each.fault.severity is Severity.STOP]
    command = f"perfpipe check {checked.month}" if for_month else "perfpipe check"
    explained = textwrap.wrap(SHAPES_EXPLAINED, width) if shows_shapes(each.fault for each in shown) else []
    return [*lines, *_kinds(kinds_of(shown, settings), width), "", *explained, f"Every fault: `{command} --details`"]


def _newest(
    checked: CheckedWorkspace, current: Sequence[FoundFault], settings: Settings, for_month: bool, width: int
) -> list[str]:
    of = checked.month.label if checked.month else "what was delivered"
    newest = checked.month and not for_month
    heading = f"Faults in the newest extract of each source, to {of}" if newest else f"Faults of {of}"
    counts = owner_counts(current, settings)
    infos = sum(each.fault.severity is Severity.INFO for each in current)
    noted = [f"{count_of(infos, 'note')} for information"] if infos else []
    return [heading, "", *(_table(counts, width) if counts else ["None to correct."]), *noted]


def _table(counts: Sequence[OwnerCount], width: int) -> list[str]:
    rows, before = [], ""
    for each in counts:
        owner = "" if each.owner == before else each.owner
        total = each.new + each.open + each.not_followed
        rows.append([owner, EFFECTS[each.severity], *map(_number, (each.new, each.open, each.not_followed, total))])
        before = each.owner
    return _printed(["Who corrects", "Effect", "New", "Open", "Not followed", "All"], rows, 2, width)


def _earlier(counts: Sequence[MonthCount], width: int) -> list[str]:
    rows = [[str(each.month), *map(_number, (each.stop, each.exclude, each.warn))] for each in counts[:MONTHS]]
    more = [f"and {count_of(len(counts) - MONTHS, 'month')} before"] if len(counts) > MONTHS else []
    headers = ["Earlier extracts", "Stop the run", "Rows left out", "Warnings"]
    return [*_printed(headers, rows, 1, width), *more]


def _number(number: int) -> str:
    return f"{number:,}" if number else "-"


def _printed(headers: Sequence[str], rows: Sequence[Sequence[str]], words: int, width: int) -> list[str]:
    """A table as lines; the first columns hold words and wrap, the others numbers."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for number, header in enumerate(headers):
        is_words = number < words
        table.add_column(header, justify="left" if is_words else "right", no_wrap=number > 0)
    for row in rows:
        table.add_row(*row)
    written = io.StringIO()
    Console(file=written, width=width, color_system=None, markup=False, highlight=False, emoji=False).print(table)
    return [line.rstrip() for line in written.getvalue().splitlines()]


def _kinds(kinds: Sequence[FaultKind], width: int) -> Iterator[str]:
    listed = [kind for kind in kinds if kind.severity is not Severity.INFO]
    for owner in dict.fromkeys(kind.owner for kind in listed):
        of_owner = [kind for kind in listed if kind.owner == owner]
        several = len({kind.title for kind in of_owner}) > 1
        in_full = [kind for kind in of_owner if kind.severity is Severity.STOP or not kind.is_of_dataset]
        in_brief = [kind for kind in of_owner if kind not in in_full]
        yield from ("", owner)
        for kind in in_full:
            yield from _wrapped(_said(kind), width)
        for kind in in_brief[:KINDS]:
            yield from _wrapped(_said_briefly(kind, several), width)
        if more := in_brief[KINDS:]:
            faults = count_of(sum(len(kind.found) for kind in more), "fault")
            rules = ", ".join(kind.rule for kind in more)
            yield from _wrapped(f"and {faults} of {count_of(len(more), 'other kind')}: {rules}", width)


def _said(kind: FaultKind) -> str:
    return (
        f"{kind.rule}: {_how_many(kind)}. Found {forms_of([each.fault for each in kind.found])}; expected "
        f"{kind.newest.expected}. {kind.what_to_do}{kind.without} {kind.addresses}."
    )


def _said_briefly(kind: FaultKind, with_title: bool) -> str:
    title = f" ({kind.title})" if with_title else ""
    return f"{kind.rule}{title}: {_how_many(kind)}. {kind.what_to_do} {kind.addresses}."


def _how_many(kind: FaultKind) -> str:
    new = f", {kind.new:,} new" if kind.new else ""
    return f"{len(kind.found):,}{new}, {EFFECTS[kind.severity]}"


def _wrapped(text: str, width: int) -> list[str]:
    """A text as indented lines; a command in it is kept on one line."""
    kept = COMMAND.sub(lambda found: found[0].replace(" ", NO_BREAK), text)
    lines = textwrap.wrap(
        kept, width, initial_indent="  ", subsequent_indent="      ", break_long_words=False, break_on_hyphens=False
    )
    return [line.replace(NO_BREAK, " ") for line in lines]
