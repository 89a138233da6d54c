"""What is wrong with a layout that fits its form."""

from __future__ import annotations

import re
from collections.abc import Iterable

from perfpipe.datasets.definition import Column, Dataset, Kind
from perfpipe.dates.date_formats import DateFormat
from perfpipe.phrases.near_names import meant, no_such
from perfpipe.rules.cells import ERROR_TEXT
from perfpipe.settings.layouts import ALL, Layout, as_compared
from perfpipe.toml_files.models import Problem

DATED = (Kind.DATE, Kind.INSTANT, Kind.MONTH)
EXTRACTED_AT = "extracted_at"


def layout_problems(dataset: Dataset, layout: Layout) -> list[Problem]:
    """What is wrong with a layout that fits its form: all of it, by the keys within the layout."""
    problems: list[Problem] = []
    if layout.is_standard:
        problems.append((["name"], f"{layout.name!r} is the name of a built-in layout; expected another name"))
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", layout.password_env):  # not shown: it may be the password
        problems.append((["password_env"], "expected the name of an environment variable that holds the password"))
    named: dict[str, Iterable[str]] = {
        "columns": layout.columns,
        "times": layout.times,
        "values": layout.values,
        "date_only": layout.date_only,
        "date_order": [name for name in layout.date_order if name not in (ALL, EXTRACTED_AT)],
        "date_format": [name for name in layout.date_format if name not in (ALL, EXTRACTED_AT)],
        "decimal": [name for name in layout.decimal if name != ALL],
    }
    for key, columns in named.items():
        for column in columns:
            if column not in dataset.by_name:
                problems.append(([key, column], no_such("column", column, dataset.by_name)))
    for name in layout.decimal:
        if name in dataset.by_name and dataset.by_name[name].kind not in (Kind.NUMBER, Kind.COUNT):
            problems.append((["decimal", name], f"{name} holds no numbers"))
    missing = [column.name for column in dataset.columns if column.required and not layout.headers(column.name)]
    if missing:
        problems.append((["columns"], f"no entry for {', '.join(missing)}, which {dataset.id} needs"))
    if layout.turned and (layout.header_row is not None or layout.header_rows > 1):
        problems.append((["turned"], "expected no `header_row` or `header_rows`: the headers are in a column"))
    problems += _time_problems(dataset, layout)
    return [*problems, *_value_problems(dataset, layout), *_date_problems(dataset, layout), *_shared(dataset, layout)]


def _time_problems(dataset: Dataset, layout: Layout) -> list[Problem]:
    """Times in columns of their own that stand beside no date, or beside a form that has the time as well."""
    problems: list[Problem] = []
    for column in (name for name in layout.times if name in dataset.by_name):
        form = layout.format_of(column)
        if dataset.by_name[column].kind is not Kind.INSTANT:
            problems.append((["times", column], f"{column} holds no times"))
        elif not layout.headers(column):
            problems.append((["times", column], f"no entry for {column} in `columns`; expected the header of its date"))
        elif form is not None and form.has_time:
            what = f"`date_format` says {form.text!r}, with a time; expected the form of the date alone"
            problems.append((["times", column], what))
    if layout.times and layout.turned:
        problems.append((["times"], "expected no `times` beside `turned`"))
    return problems


def _value_problems(dataset: Dataset, layout: Layout) -> list[Problem]:
    problems: list[Problem] = []
    for column, mapping in layout.values.items():
        codes = dataset.by_name[column].codes if column in dataset.by_name else None
        for text, code in mapping.items():
            if column in dataset.by_name and code and (codes is None or code not in codes.by_code):
                known = codes.by_code if codes else ()
                expected = (
                    f"{meant(code, known)}expected one of {', '.join(known)}" if codes else "the column holds no codes"
                )
                what = f'{code!r} is not on its code list; {expected}, or "" where the text means blank'
                problems.append((["values", column, text], what))
    declared = [(["blank"], text) for text in layout.blank]
    declared += [(["values", c, text], text) for c, m in layout.values.items() for text, code in m.items() if not code]
    for keys, text in declared:
        if ERROR_TEXT.fullmatch(text.strip()):
            problems.append((keys, f"{text!r} is an Excel error, never a blank; correct the formula at source"))
    if any(not as_compared(text) for text in layout.blank):
        problems.append((["blank"], "expected words; cells that are empty are blank already"))
    return problems


def _date_problems(dataset: Dataset, layout: Layout) -> list[Problem]:
    """A form and an order for the same columns; a form without a day for columns that need one."""
    problems: list[Problem] = []
    for column, text in layout.date_format.items():
        at = ["date_format", column] if column != ALL else ["date_format"]
        if column in layout.date_order:
            what = "`date_order` is declared as well; a form says its own order: remove one of the two"
            problems.append((at, what))
        kind = dataset.by_name[column].kind if column in dataset.by_name else None
        if kind is not None and kind not in DATED:
            problems.append((at, f"{column} holds no dates"))
        if kind is not Kind.MONTH and not DateFormat.parse(text).has_day:
            problems.append((at, f"{text!r} has no day; expected a form with one, such as dd-{text}"))
    return problems


def _shared(dataset: Dataset, layout: Layout) -> list[Problem]:
    """One header for several columns where that is a slip: dates, or codes that no `values` tell apart."""
    by_header: dict[str, list[Column]] = {}
    for column in dataset.columns:
        for header in {as_compared(header) for header in layout.headers(column.name)}:
            by_header.setdefault(header, []).append(column)
    problems: list[Problem] = []
    for columns in (columns for columns in by_header.values() if len(columns) > 1):
        names = " and ".join(column.name for column in columns)
        dates = [column for column in columns if column.kind in DATED]
        unmapped = [column for column in columns if column.codes and column.name not in layout.values]
        if len(dates) > 1:
            problems.append(
                (["columns", dates[-1].name], f"the same header for {names}, which would be the same dates")
            )
        elif unmapped:
            what = f"the same header for {names}; expected `values` for each that says what a text means there"
            problems.append((["columns", unmapped[-1].name], what))
    return problems
