"""Page 12: extracts, faults, what was left out, definitions that changed, and how to read the marks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from perfpipe.datasets import BY_ID
from perfpipe.dates.months import LONDON, Month
from perfpipe.measures.words import NOT_AVAILABLE, State, Status, capital
from perfpipe.packs.content.pages.cells import text_cell
from perfpipe.packs.content.pages.clearance import clearance
from perfpipe.packs.content.pages.material import Material
from perfpipe.packs.content.pages.subject import Subject
from perfpipe.packs.content.pages.texts import all_arrived, number_word, paragraph, plain, several, strong
from perfpipe.packs.models.blocks import (
    Align,
    Block,
    BoardPage,
    DataTable,
    Heading,
    ItemList,
    Manner,
    Paragraph,
    TableCell,
    TableColumn,
    TableRows,
    Terms,
    Text,
    Words,
)
from perfpipe.packs.models.pack import PackContent
from perfpipe.packs.models.sources import ExtractUse
from perfpipe.packs.wording.numbers import short_month
from perfpipe.packs.wording.plan_words import long_day
from perfpipe.phrases.counted_nouns import count_of

MONTHS = 12  # of changes of definition
MOST_LINES = 8
NOTHING_LEFT_OUT = "Faults took few or no records out of the figures with a target."
UNDECIDED = "No status, because records left out could change it: {titles}."
AGE = (
    "The age of the data on each page runs from {last}, the last day that the figures cover, to the Board meeting that "
    "considers them, or if there is none, to the day the last extract arrived."
)
NO_CHANGE = "No definition has changed in the last 12 months."
MARKS = (
    ("[p] provisional", "too little time has passed; the figure can still change"),
    ("[r] revised", "not what this audience last saw"),
    ("[u] few cases", "a percentage of fewer than {low_base}: one case moves it much"),
    ("[i] incomplete", "faults keep records out of it"),
    ("[x], [z]", "[x] data are missing, which is never zero; [z] there was nothing to count"),
    (
        "Better, worse",
        "more than chance: by limits, a run of months, a lasting step, or a year earlier at 99%",
    ),
    ("Higher, lower", "clear at 95% only, so it could be chance; or neither way is good"),
    ("Outlook", "will meet, will miss: all normal variation is on one side of the target; hit or miss: on both"),
    ("No clear change", "tested, and nothing found beyond chance. Not tested: no test fits, or too few figures"),
)


def trust_page(material: Material, number: int = 12) -> BoardPage:
    """The page."""
    content = material.content
    picture = clearance(content.fault_months)
    blocks: tuple[Block | None, ...] = (
        paragraph(_faults(material, is_drawn=picture is not None), Manner.LEDE),
        _extracts(material),
        picture,
        Heading("What was left out, and definitions that changed"),
        _left_out(material.targeted),
        _definitions(material.targeted),
        _explain(material),
        Heading("How to read the marks"),
        Terms(tuple((term, plain(_said(meaning, material.scene.low_base))) for term, meaning in MARKS)),
    )
    chosen = tuple(block for block in blocks if block is not None)
    return BoardPage("trust-in-the-figures", number, "Trust in the figures", heading(material.extracts), chosen)


def heading(extracts: Sequence[ExtractUse]) -> str:
    """`All nine extracts arrived`, `Two of nine extracts are missing`."""
    missing = sum(each.extracted_at is None for each in extracts)
    if not missing:
        return all_arrived(len(extracts)) if extracts else "No extract was expected"
    verb = "is" if missing == 1 else "are"
    return capital(f"{number_word(missing)} of {several(len(extracts), 'extract')} {verb} missing")


def _said(meaning: str, low_base: int) -> str:
    return f"{meaning.format(low_base=low_base)}."


def _extracts(material: Material) -> DataTable:
    return DataTable(
        id="trust-extracts",
        caption="Extracts used for the month",
        columns=(
            TableColumn("Extract", 0.42),
            TableColumn("Made on", 0.2),
            TableColumn("Used for", 0.26),
            TableColumn("Rows", 0.12, Align.RIGHT),
        ),
        groups=(TableRows("", tuple(map(_extract, material.extracts))),),
        note=AGE.format(last=long_day(material.scene.month.last_day)),
        is_dense=True,
    )


def _extract(each: ExtractUse) -> tuple[TableCell, ...]:
    title = text_cell(BY_ID[each.dataset].title)
    nothing = TableCell(NOT_AVAILABLE, state=State.NOT_AVAILABLE)
    if each.extracted_at is None:
        last = text_cell(f"the last ran to {short_month(str(each.last_month))}") if each.last_month else nothing
        return title, text_cell("Missing", strong=True), last, nothing
    at = each.extracted_at.astimezone(LONDON).date()
    months = " to ".join(short_month(str(month)) for month in each.months or ())
    rows = nothing if each.rows is None else TableCell(f"{each.rows:,}", number=float(each.rows))
    return title, text_cell(long_day(at)), text_cell(months), rows


def _faults(material: Material, *, is_drawn: bool) -> str:
    """How many faults there are; what is not counted, and why there is no chart."""
    if not material.content.fault_months:
        return "No extract was sent, so that no fault could be looked for."
    missing = sum(each.extracted_at is None for each in material.extracts)
    more = [f"Not counted: faults of {several(missing, 'missing extract')}."] if missing else []
    more += [] if is_drawn else ["There are too few months for a chart."]
    return " ".join([_latest_faults(material.content), *more])


def _latest_faults(content: PackContent) -> str:
    now = content.fault_months[-1]
    return (
        f"{now.open:,} faults are open: {now.new:,} are new, {now.cleared:,} were cleared, {now.long_open:,} have been "
        f"open for over three months. They keep {count_of(now.rows_left_out, 'row')} out of figures."
    )


def _left_out(subjects: Sequence[Subject]) -> Block:
    lost: dict[str, list[str]] = {}
    for each in subjects:
        if each.figure.left_out:
            told = f"{each.title} ({each.row.left_out:,} of {each.row.left_out_of:,} records)"
            lost.setdefault(each.row.left_out_why, []).append(told)
    lines = [f"{capital(why)}: {'; '.join(those)}." for why, those in lost.items()]
    undecided = [each for each in subjects if each.row.status is Status.NOT_DECIDED and not each.figure.left_out]
    lines += [UNDECIDED.format(titles="; ".join(each.title for each in undecided))] if undecided else []
    return _list(lines) if lines else paragraph(NOTHING_LEFT_OUT)


def _definitions(subjects: Sequence[Subject]) -> Block:
    lines = []
    for subject in subjects:
        rows = subject.rows[-MONTHS - 1 :]
        lines += [
            f"{subject.title}: counted by another definition since {Month.parse(row.month).label}."
            for before, row in pairwise(rows)
            if row.definition_version != before.definition_version and before.state is row.state is State.OK
        ]
    return _list(lines) if lines else paragraph(NO_CHANGE)


def _list(lines: Sequence[str]) -> ItemList:
    more = len(lines) - MOST_LINES
    rest: tuple[Text, ...] = (plain(f"And {number_word(more)} more, in the workbook."),) if more > 0 else ()
    return ItemList((*map(plain, lines[:MOST_LINES]), *rest))


def _explain(material: Material) -> Paragraph:
    example = material.targeted[0].measure.id if material.targeted else "MEASURE"
    return Paragraph(
        (
            Words("The performance team can list the rows behind any figure: "),
            strong(f"perfpipe explain {example} {material.scene.month}"),
            Words(", for example."),
        )
    )
