"""A page about a topic whose extracts did not arrive: what is missing since when, who owes it, and what was known last.

Figures that cannot be said leave their table, and stand in one of last known figures with the month of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from perfpipe.datasets import BY_ID
from perfpipe.dates.months import Month
from perfpipe.measures.words import capital
from perfpipe.packs.content.pages.cells import (
    latest_cell,
    line_cell,
    name_cell,
    status_cell,
    target_cell,
    text_cell,
    year_ago_cell,
)
from perfpipe.packs.content.pages.subject import Subject
from perfpipe.packs.content.pages.texts import paragraph, plain, several, strong
from perfpipe.packs.content.pages.topic_figures import FigureOf, TopicFigures
from perfpipe.packs.models.blocks import (
    Align,
    Block,
    BoardPage,
    DataTable,
    Manner,
    Paragraph,
    Picture,
    TableCell,
    TableColumn,
    TableRows,
    Terms,
)
from perfpipe.packs.models.sources import ExtractUse
from perfpipe.packs.wording.numbers import listed, short_month

COLUMNS = (  # shares of the width, as in the tables of measures
    TableColumn("Measure", 0.282),
    TableColumn("24 months", 0.115),
    TableColumn("Last figure", 0.12, Align.RIGHT),
    TableColumn("Year before", 0.08, Align.RIGHT),
    TableColumn("Target then", 0.135),
    TableColumn("Status then", 0.15),
    TableColumn("Month", 0.118),
)
QUESTION = "Why did this extract not arrive, and when will it?"
QUESTION_OF_SEVERAL = "Why did these extracts not arrive, and when will they?"


def with_what_is_missing(page: BoardPage, figures: TopicFigures, shown: Sequence[FigureOf]) -> BoardPage:
    """The page with what is missing under its lede; it stays as it is where all extracts of its figures arrived.

    `shown` are the figures that it is about. Where none of them is there, what is left of the page are its pictures of
    the months before.
    """
    there = [each for each in shown if figures.has(each)]
    lost = [each for each in there if figures.lacks(each)]
    if not lost:
        return page
    missing = tuple(dict.fromkeys(one for each in lost for one in figures.lacks(each)))
    added: tuple[Block, ...] = (_terms(figures, missing, lost), *_last_known(page.id, figures, lost))
    if len(lost) == len(there):
        pictures = (block for block in page.blocks if isinstance(block, Picture))
        return replace(page, blocks=(paragraph(_did_not_arrive(figures, missing), Manner.LEDE), *added, *pictures))
    ledes = [block for block in page.blocks if isinstance(block, Paragraph) and block.manner is Manner.LEDE]
    rest = tuple(block for block in page.blocks if block not in ledes)
    return replace(page, blocks=(*ledes, *added, *rest))


def _did_not_arrive(figures: TopicFigures, missing: Sequence[ExtractUse]) -> str:
    every = listed([f"'{BY_ID[each.dataset].title}'" for each in missing])
    kind = "extract" if len(missing) == 1 else "extracts"
    return f"No figures for {figures.month.label}: the {kind} {every} did not arrive."


def _terms(figures: TopicFigures, missing: Sequence[ExtractUse], lost: Sequence[FigureOf]) -> Terms:
    terms = [("Missing", plain(_missing(figures, missing))), ("Who owes it", plain(_owed_by(figures, missing, lost)))]
    terms.append(("Cannot be known", plain(_not_known(figures, missing, lost))))
    terms.append(("Question to put", (strong(QUESTION if len(missing) == 1 else QUESTION_OF_SEVERAL),)))
    return Terms(tuple(terms))


def _missing(figures: TopicFigures, missing: Sequence[ExtractUse]) -> str:
    """`Return home interviews: nothing for March 2018; the last extract ran to February 2018.`"""
    titles: dict[Month | None, list[str]] = {}
    for each in missing:
        titles.setdefault(each.last_month, []).append(BY_ID[each.dataset].title)
    return " ".join(f"{listed(those)}: {_since(figures, last)}." for last, those in titles.items())


def _since(figures: TopicFigures, last: Month | None) -> str:
    if last is None:
        return "no extract has arrived yet"
    first = last + 1
    when = f"for {first.label}" if first == figures.month else f"since {first.label}"
    return f"nothing {when}; the last extract ran to {last.label}"


def _owed_by(figures: TopicFigures, missing: Sequence[ExtractUse], lost: Sequence[FigureOf]) -> str:
    """Who sends the extracts; where nobody is named for one, whose figures they are."""
    owners = list(dict.fromkeys(each.owner for each in missing if each.owner))
    told = [f"{listed(owners)}."] if owners else []
    nameless = [each for each in missing if not each.owner]
    if nameless:
        of_them = [of for of in lost if any(each in figures.lacks(of) for each in nameless)]
        whose = listed(list(dict.fromkeys(figures.measure(of).owner for of in of_them)))
        those = "the others" if owners else "this extract" if len(nameless) == 1 else "these extracts"
        told.append(f"The settings name nobody for {those}; the figures belong to: {whose}.")
    return " ".join(told)


def _not_known(figures: TopicFigures, missing: Sequence[ExtractUse], lost: Sequence[FigureOf]) -> str:
    lasts = [each.last_month for each in missing if each.last_month is not None]
    since = f" since {min(lasts).label}" if lasts else ""
    targets = sum(figures.subject(each).has_target for each in lost)
    verb = "was" if targets == 1 else "were"
    met = f", and whether {several(targets, 'target')} {verb} met in {figures.month.label}" if targets else ""
    return capital(f"whether anything has changed{since}{met}.")


def _last_known(page: str, figures: TopicFigures, lost: Sequence[FigureOf]) -> tuple[Block, ...]:
    """The last figures that there are; nothing where there is none."""
    rows = tuple(_row(known) for each in lost if (known := _known(figures, each)))
    if not rows:
        return ()
    return (DataTable(f"{page}-last-known", "Last known figures", COLUMNS, (TableRows("", rows),), is_dense=True),)


def _known(figures: TopicFigures, of: FigureOf) -> Subject | None:
    """The measure as at the last month before in which it had a figure."""
    months = figures.last(len(figures.subject(of).rows))[-2::-1]
    last = next((month for month in months if figures.figure(of, month).value is not None), None)
    return Subject(replace(figures.scene, month=last), figures.measure(of), of.period) if last else None


def _row(known: Subject) -> tuple[TableCell, ...]:
    cells = (line_cell, latest_cell, year_ago_cell, target_cell, status_cell)
    return name_cell(known), *(cell(known) for cell in cells), text_cell(short_month(known.row.month))
