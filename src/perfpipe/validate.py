"""Validate: raw cells into typed rows and faults.

Parse explicitly first, one parser per kind of column, then apply the dataset's rules, then check the result with
pandera. No value is guessed: what cannot be read is a fault, and a row that needs it is excluded, not dropped
in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pandas as pd

from perfpipe.datasets.definition import Column, Dataset, Kind, Severity
from perfpipe.faults import Fault, shape_of
from perfpipe.months import LONDON
from perfpipe.read import BLANK, BOOL, DATE, DATETIME, ERROR, FORMULA, NUMBER, TEXT, Cell, RawTable
from perfpipe.settings import Layout

BLANK_WORDS = ("", "null", "none", "n/k")
EARLIEST = date(1900, 3, 1)  # Excel's calendar is wrong before
EXACT_DIGITS = 15  # a number cell holds no more


@dataclass(frozen=True)
class Validated:
    """Typed rows with the columns and dtypes of `Dataset.dtypes`, unique by its key, and all faults."""

    rows: pd.DataFrame
    faults: list[Fault]


class Bad(Exception):
    """A cell that cannot be read as its column's kind. Carries the rule's name, never the value."""


Parsed = object
CellParser = Callable[[str, str], Parsed]


def validate(table: RawTable, dataset: Dataset, layout: Layout, as_at: datetime) -> Validated:
    """Typed rows of one raw table. `as_at`: the extract's time, an aware UTC instant."""
    faults = list(table.faults)
    columns: dict[str, pd.Series] = {}
    unusable = pd.Series(False, index=range(len(table.rows)))
    for column in dataset.columns:
        parsed, bad = _parse_column(table, column, layout)
        columns |= _typed(column, parsed, dataset)
        blank = pd.Series([value is None for value in parsed], dtype=bool)
        bad_rows = pd.Series(False, index=unusable.index)
        bad_rows[list(bad)] = True
        faults += [_cell_fault(table, dataset, column, row, rule) for row, rule in bad.items()]
        if column.filled:
            missing = blank & ~bad_rows
            faults += [_cell_fault(table, dataset, column, row, "value_missing") for row in missing[missing].index]
            unusable |= blank
        elif column.vital:
            unusable |= bad_rows
    rows = pd.DataFrame(columns, index=unusable.index)
    rows["as_at"] = pd.Series(as_at, index=rows.index).astype("datetime64[us, UTC]")
    rows["source_row"] = pd.Series(table.rows, index=rows.index, dtype="Int64")
    rows["excluded_from"] = ""
    if layout.left_on_is and "last_day_on" in rows:
        exclusive = layout.left_on_is == "first_day_not_in_post"
        rows["last_day_on"] = rows["left_on"] - (timedelta(days=1) if exclusive else timedelta(0))
    rows = rows[~unusable].astype(dataset.dtypes)[list(dataset.dtypes)]
    rows, duplicates = _without_duplicates(rows, table, dataset)
    rows, broken = _apply_rules(rows, table, dataset)
    check_schema(rows, dataset)
    return Validated(rows.reset_index(drop=True), faults + duplicates + broken)


def check_schema(rows: pd.DataFrame, dataset: Dataset) -> None:
    """Check typed rows with pandera; a failure is our own defect and says so without any value."""
    import pandera.errors

    try:
        dataset.schema().validate(rows, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases[["column", "check"]].drop_duplicates().astype(str)
        checks = ", ".join(sorted(" ".join(case) for case in cases.to_numpy().tolist()))
        message = f"typed rows of {dataset.id} do not fit their schema: {checks}"
        raise AssertionError(message) from None


def _parse_column(table: RawTable, column: Column, layout: Layout) -> tuple[list[Parsed], dict[int, str]]:
    """Parsed values (None: blank or unreadable) and, by position, the rule that an unreadable cell breaks."""
    cells = table.columns.get(column.name)
    if cells is None:
        return [None] * len(table.rows), {}
    parse = _parser_of(column, layout)
    known: dict[Cell, tuple[Parsed, str]] = {}
    values: list[Parsed] = []
    bad: dict[int, str] = {}
    for position, cell in enumerate(cells):
        if cell not in known:
            known[cell] = _parse_cell(parse, *cell)
        value, rule = known[cell]
        values.append(value)
        if rule:
            bad[position] = rule
    return values, bad


def _parse_cell(parse: CellParser, kind: str, text: str) -> tuple[Parsed, str]:
    text = text.replace("\u00a0", " ").strip()
    if kind == BLANK or (kind == TEXT and text.casefold() in BLANK_WORDS):
        return None, ""
    if kind == ERROR or (kind == TEXT and re.fullmatch(r"#[A-Z0-9/]+[!?]?", text)):
        return None, "error_cell"
    if kind == FORMULA:
        return None, "formula_without_value"
    try:
        return parse(kind, text), ""
    except Bad as bad:
        return None, str(bad)


def _parser_of(column: Column, layout: Layout) -> CellParser:
    match column.kind:
        case Kind.CODE:
            local = {text.casefold(): code for text, code in layout.values.get(column.name, {}).items()}
            return lambda kind, text: _code(column, local, kind, text)
        case Kind.DATE:
            return _date
        case Kind.INSTANT:
            date_only = column.name in layout.date_only
            return lambda kind, text: _instant(kind, text, date_only, column.last_reading)
        case Kind.NUMBER:
            return lambda kind, text: _number(kind, text, column.least)
        case Kind.COUNT:
            return _count
        case Kind.MONTH:
            return _month
        case Kind.ID:
            return _identifier
        case _:
            return lambda kind, text: text


def _code(column: Column, local: dict[str, str], kind: str, text: str) -> str:
    code = local.get(" ".join(text.split()).casefold())
    if code is None and column.codes is not None:
        code = column.codes.parse(text)
    if code is None:
        raise Bad("code_unknown")
    return code


def _identifier(kind: str, text: str) -> str:
    if kind == NUMBER and ("." in text or "e" in text or len(text.lstrip("-")) > EXACT_DIGITS):
        raise Bad("identifier_inexact")
    if kind not in (NUMBER, TEXT):
        raise Bad("identifier_unreadable")
    return text


def _date(kind: str, text: str) -> datetime:
    moment = _local(kind, text, "date_unreadable")
    return datetime.combine(moment[0].date(), datetime.min.time())


def _local(kind: str, text: str, rule: str) -> tuple[datetime, bool]:
    """A naive local time and whether the source gave a time of day. Day before month, or ISO; never guessed."""
    if kind in (DATE, DATETIME):
        moment, timed = datetime.fromisoformat(text), kind == DATETIME
    elif kind == TEXT:
        match = re.fullmatch(
            r"(?:(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})|(?P<iy>\d{4})-(?P<im>\d{2})-(?P<id>\d{2}))"
            r"(?:[ T](?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:\.0+)?)?)?",
            text,
        )
        if not match:
            raise Bad(rule)
        part = {name: int(value) for name, value in match.groupdict().items() if value is not None}
        day = (part.get("y", part.get("iy", 0)), part.get("m", part.get("im", 0)), part.get("d", part.get("id", 0)))
        try:
            moment = datetime(*day, part.get("H", 0), part.get("M", 0), part.get("S", 0))
        except ValueError:
            raise Bad(rule) from None
        timed = "H" in part
    else:
        raise Bad(rule)
    if moment.date() < EARLIEST:
        raise Bad("date_before_1900")
    return moment, timed


def _instant(kind: str, text: str, date_only: bool, last_reading: bool) -> tuple[datetime, str]:
    """An instant in UTC and its precision. A time of exactly midnight is date precision (ruling 4)."""
    moment, timed = _local(kind, text, "time_unreadable")
    by_date = date_only or not timed or (moment.hour, moment.minute, moment.second) == (0, 0, 0)
    if by_date:
        moment = datetime.combine(moment.date(), datetime.min.time())
    there = moment.replace(tzinfo=LONDON, fold=int(last_reading))
    utc = there.astimezone(UTC)
    if utc.astimezone(LONDON).replace(tzinfo=None) != moment:
        raise Bad("time_does_not_exist")
    return utc, "date" if by_date else "minute"





def _number(kind: str, text: str, least: float | None) -> float:
    if kind not in (NUMBER, TEXT) or not re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", text):
        raise Bad("number_unreadable")
    value = float(text)
    if least is not None and value < least:
        raise Bad("number_too_small")
    return value


def _count(kind: str, text: str) -> int:
    value = _number(kind, text, 0)
    if value != int(value):
        raise Bad("number_not_whole")
    return int(value)


def _month(kind: str, text: str) -> str:
    match = re.fullmatch(r"(\d{4})-(\d{2})|(\d{1,2})/(\d{4})", text) if kind == TEXT else None
    if match:
        year, number = int(match[1] or match[4]), int(match[2] or match[3])
        if 1 <= number <= 12:
            return f"{year:04d}-{number:02d}"
        raise Bad("month_unreadable")
    if kind == BOOL or kind == NUMBER:
        raise Bad("month_unreadable")
    return _local(kind, text, "month_unreadable")[0].strftime("%Y-%m")


def _typed(column: Column, values: list[Parsed], dataset: Dataset) -> dict[str, pd.Series]:
    dtype = dataset.dtypes[column.name]
    if column.kind is Kind.INSTANT:
        moments = [value[0] if isinstance(value, tuple) else None for value in values]
        precisions = [value[1] if isinstance(value, tuple) else None for value in values]
        return {
            column.name: pd.Series(pd.to_datetime(pd.Series(moments, dtype="object"), utc=True)).astype(dtype),
            f"{column.name}_precision": pd.Series(precisions, dtype="str"),
        }
    if column.kind is Kind.DATE:
        return {column.name: pd.Series(pd.to_datetime(pd.Series(values, dtype="object"))).astype(dtype)}
    return {column.name: pd.Series(values, dtype=dtype)}


WHAT_TO_DO = {
    "value_missing": "Fill the cell at source. The row is left out of every figure until then.",
    "code_unknown": "Correct the code, or map this text in `values` of the layout.",
    "error_cell": "Mend the formula at source, or replace it by its value.",
    "formula_without_value": "Open the workbook in Excel, let it calculate, save it and send it again.",
    "identifier_inexact": "Format the column as text at source: digits were lost or added.",
    "time_does_not_exist": "Correct the time: clocks went forward over it that night.",
    "date_before_1900": "Correct the date, or the cell's format.",
}


def _cell_fault(table: RawTable, dataset: Dataset, column: Column, position: int, rule: str) -> Fault:
    cell = table.columns.get(column.name, [])[position] if column.name in table.columns else (BLANK, "")
    excluded = column.filled or column.vital
    return Fault(
        dataset=dataset.id,
        file=table.file,
        sheet=table.sheet,
        row=table.rows[position],
        column=_column_address(table, column.name),
        rule=rule,
        severity=Severity.EXCLUDE if excluded else Severity.WARN,
        found=shape_of(*cell),
        expected=column.expected,
        what_to_do=WHAT_TO_DO.get(rule, "Correct the cell at source.")
        + ("" if excluded else " It counts as blank until then."),
        excludes_from="*" if excluded else "",
    )


def _column_address(table: RawTable, column: str) -> str:
    header = table.headers.get(column)
    return f"{table.letters[column]} ({header})" if header else column


def _without_duplicates(rows: pd.DataFrame, table: RawTable, dataset: Dataset) -> tuple[pd.DataFrame, list[Fault]]:
    """Rows unique by key: of several rows with one key the last is used, and each other one is a fault."""
    key = list(dataset.key)
    repeated = rows.duplicated(key, keep="last")
    if not repeated.any():
        return rows, []
    content = [name for name in rows if name not in ("source_row", "excluded_from")]
    same = rows.duplicated(content, keep="last")
    used = rows.groupby(key, dropna=False)["source_row"].transform("last")
    faults = [
        Fault(
            dataset=dataset.id,
            file=table.file,
            sheet=table.sheet,
            row=int(rows.at[i, "source_row"]),
            column=_column_address(table, key[0]),
            rule="row_repeated" if same[i] else "key_repeated",
            severity=Severity.WARN,
            found="the same record again" if same[i] else "the same key with other values",
            expected=f"one row for each {', '.join(key)}",
            what_to_do=f"Remove one of the rows at source. Row {used[i]} is used.",
        )
        for i in rows.index[repeated]
    ]
    return rows[~repeated], faults


def _apply_rules(rows: pd.DataFrame, table: RawTable, dataset: Dataset) -> tuple[pd.DataFrame, list[Fault]]:
    """Every rule of the dataset over the rows; rows excluded from all measures leave, others are marked."""
    faults: list[Fault] = []
    marks = pd.Series("", index=rows.index, dtype="str")
    position_of_row = {row: position for position, row in enumerate(table.rows)}
    for rule in dataset.rules:
        broken = rule.finds(rows).fillna(False).astype(bool)
        cells = table.columns.get(rule.column)
        for row in rows.loc[broken, "source_row"].tolist():
            faults.append(
                Fault(
                    dataset=dataset.id,
                    file=table.file,
                    sheet=table.sheet,
                    row=row,
                    column=_column_address(table, rule.column),
                    rule=rule.id,
                    severity=rule.severity,
                    found=shape_of(*cells[position_of_row[row]]) if cells else "nothing",
                    expected=rule.expected,
                    what_to_do=rule.what_to_do,
                    excludes_from=" ".join(rule.excludes_from),
                )
            )
        if rule.excludes_from:
            marks = marks.where(~broken, marks + " " + " ".join(rule.excludes_from))
    rows = rows.assign(excluded_from=marks.str.strip())
    return rows[~marks.str.contains("*", regex=False)], faults

