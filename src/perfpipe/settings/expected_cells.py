"""What a cell should hold as a layout reads it, and what to do where it holds something else."""

from __future__ import annotations

from perfpipe.datasets.definition import Column, Kind
from perfpipe.settings.layouts import Layout

TIMES = {Kind.DATE: "a date", Kind.INSTANT: "a date and time", Kind.MONTH: "a month"}
NUMBERS = (Kind.NUMBER, Kind.COUNT)
POINT = "with a point before any decimals"  # as `Column.expected` has it, without a layout
DAY_FIRST = "text dd/mm/yyyy"  # as `Column.expected` has it, without a layout


def expected_in(column: Column, layout: Layout) -> str:
    """What a cell of a column should hold, in words, in the form or order that the layout declares."""
    if column.name in layout.times:
        return "a date, and in the other column its time: a time cell, or text such as 14:30, 1430 or 2.30 pm"
    if layout.decimal_of(column.name) == ",":
        return column.expected.replace(POINT, "with a comma before any decimals")
    form, order = layout.format_of(column.name), layout.order_of(column.name)
    if form is not None and form.is_number and column.kind in TIMES:
        return f"{TIMES[column.kind]}: a date cell, or the number of a day as Excel counts it, such as 42856"
    if form is not None and column.kind in TIMES:
        return f"{TIMES[column.kind]}: a date cell, or text in the form {form.text!r} of the layout's `date_format`"
    if order == "month_first":
        return column.expected.replace(DAY_FIRST, "text mm/dd/yyyy")
    if order == "iso":
        return column.expected.replace(f"{DAY_FIRST} or ", "text ").replace(f"{DAY_FIRST} hh:mm or ", "text ")
    return column.expected


def _own(layout: Layout) -> str:
    return "a layout of your own" if layout.is_standard else "the layout"


def or_map(layout: Layout) -> str:
    """Where the text of an unknown code can be mapped."""
    return f', or map the cell\'s text in `values` of {_own(layout)}: to a code, or to "" where it means blank'


def remedy_in(column: Column, layout: Layout, text: str) -> str:
    """What to change in the layout if the source always writes its dates, or its other values, in this way.

    `text`: what stands in the cell, or in all the cells of the column.
    """
    form = layout.format_of(column.name)
    if column.name in layout.times:
        return " Or export the two as one column with date and time."
    if column.kind in NUMBERS and "%" in text:
        return " Write it as a plain number: 60% could be 60 or 0.6."
    if column.kind in NUMBERS and "," in text and layout.decimal_of(column.name) is None:
        whole = f' If the source always writes a comma between thousands, say `decimal = "."` in {_own(layout)}'
        return f"{whole}." if column.kind is Kind.COUNT else f'{whole}; if before decimals, `decimal = ","`.'
    if column.kind in NUMBERS:
        return ""
    if column.kind not in TIMES:
        return "" if column.codes is None else f" Map other spellings in `values` of {_own(layout)}."
    if form is not None:
        return f" Or correct `date_format` of the layout, which says {form.text!r}."
    return (
        f' If the source always writes it so, say the form in `date_format = {{ {column.name} = "..." }}` of '
        f"{_own(layout)}, such as d/m/yyyy h:mm:ss AM, dd.mm.yy, yyyymmdd, or excel for numbers such as 42856; list "
        "words that mean blank in `blank`."
    )
