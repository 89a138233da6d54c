"""A layout drafted for a file: the table of settings as text, with the evidence beside each line, for a person to edit.

The draft names texts of coded columns that are to be mapped; it is as private as the file that it was made from.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rapidfuzz import fuzz, process

from perfpipe.datasets import DATASETS
from perfpipe.datasets.definition import CodeList, Dataset, Kind
from perfpipe.dates.date_formats import DateFormat
from perfpipe.dates.months import Month
from perfpipe.dates.written_dates import DateOrder, written_date
from perfpipe.draft_layout.match_columns import ColumnMatch, match_columns, means_blank
from perfpipe.draft_layout.source_table import SourceTable, is_date
from perfpipe.draft_layout.written_forms import DATES, NUMBERS, date_forms, decimal_sign
from perfpipe.settings.settings import SettingsError

MOST_WORDS = 40  # a column of more different texts holds no codes
ALIKE = 80  # of 100: a label so alike is proposed for a text
UNSURE = "UNSURE: "
_MONTH = (
    r"(?<![a-z])(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|ust|ember|ober)?(?![a-z])"
)
CHANGES = re.compile(rf"(?:{_MONTH}|\d+)(?:[ _.-]*(?:{_MONTH}|\d+))*", re.IGNORECASE)
NUMERIC_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}\b")


@dataclass(frozen=True)
class Draft:
    """A drafted layout: for which dataset, its matches, the columns of the dataset without one, and its text."""

    dataset: Dataset
    matches: tuple[ColumnMatch, ...]
    missing: tuple[str, ...]  # columns that must be there and were not found
    ignored: tuple[str, ...]  # headers of the file that no column was found for
    words_to_map: int
    text: str


def dataset_for(table: SourceTable) -> Dataset:
    """The dataset whose columns are most surely among those of a table. Raises SettingsError where none is."""
    scores = {dataset.id: _score(match_columns(table, dataset), dataset) for dataset in DATASETS}
    best = max(DATASETS, key=lambda dataset: scores[dataset.id])
    if scores[best.id] < 0.5:
        names = ", ".join(dataset.id for dataset in DATASETS)
        side = "if months or other records stand side by side in it, see `turned` in docs/add-a-layout.md"
        raise SettingsError([f"{table.file}: looks like no dataset; say which with --dataset, one of {names}; {side}"])
    return best


def _score(matches: Sequence[ColumnMatch], dataset: Dataset) -> float:
    required = [column.name for column in dataset.columns if column.required]
    found = {match.column.name: match.score / 116 for match in matches}
    needed = sum(found.get(name, 0.0) for name in required) / len(required)
    return needed + 0.02 * sum(found.values())  # of two that have what they need, the one that explains more


def draft_layout(table: SourceTable, dataset: Dataset) -> Draft:
    """The layout of a table for a dataset, as `[[layouts.DATASET]]` of perfpipe.toml."""
    matches = match_columns(table, dataset)
    found = {match.column.name for match in matches}
    missing = tuple(column.name for column in dataset.columns if column.required and column.name not in found)
    used = {match.source.header for match in matches}
    ignored = tuple(column.header for column in table.columns if column.header not in used)
    values = {match.column.name: _unknown_words(match) for match in matches if match.column.kind is Kind.CODE}
    lines = [
        *_head(table, dataset, matches, ignored),
        f"[layouts.{dataset.id}.columns]",
        *(_column_line(match) for match in matches),
        *(f'# {name} = ""  # {UNSURE}must be there, and no header looked like it' for name in missing),
        *_values(dataset, matches, values),
    ]
    return Draft(dataset, tuple(matches), missing, ignored, sum(map(len, values.values())), "\n".join([*lines, ""]))


def _head(
    table: SourceTable, dataset: Dataset, matches: Sequence[ColumnMatch], ignored: Sequence[str]
) -> Iterator[str]:
    yield f"# Drafted from {table.file}: {table.rows} records. Look at each line, above all those marked UNSURE."
    yield f"[[layouts.{dataset.id}]]"
    yield 'name = "drafted"  # the source, in a word or two'
    yield f"files = [{_quoted(_pattern(table.file))}]"
    if table.sheet:
        yield f"sheet = {_quoted(table.sheet)}"
    if table.alike:
        parts = ", ".join(f"{_quoted(name)} = {_quoted(name)}" for name in (table.sheet, *table.alike))
        yield f"# {UNSURE}other sheets have these headers. If all are one extract, write in place of `sheet`:"
        yield f"# sheet_parts = {{ {parts} }}"
    if table.header_row > 1:
        yield f"header_row = {table.header_row}"
    if table.totals:
        yield f"totals_row = {_quoted(table.totals)}  # the last row begins so, and is not a record"
    if table.dated_cell:
        why = "the only date above the table; when the export was made?"
        yield f'extracted_at = {{ cell = "{table.dated_cell}" }}  # {UNSURE}{why}'
    if ignored:
        yield f"ignore = [{', '.join(map(_quoted, ignored))}]  # never read"
    yield from _dates(matches)
    yield from _numbers(matches)
    yield from _blanks(matches)
    yield from _covers(dataset, matches)
    yield ""


def _pattern(file: str) -> str:
    """The name of the file with a star for what changes from month to month: its digits and names of months."""
    stem, _, ending = file.rpartition(".")
    return f"{CHANGES.sub('*', stem)}.{ending}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _column_line(match: ColumnMatch) -> str:
    unsure = "" if match.is_sure else UNSURE
    return f"{match.column.name} = {_quoted(match.source.header)}  # {unsure}{match.evidence}"


def _dates(matches: Sequence[ColumnMatch]) -> Iterator[str]:
    """The form of dates that are text, or the order of day and month, where a name of the month does not tell."""
    firsts, seconds, texts = 0, 0, 0
    forms = {match.column.name: fitting for match in matches if (fitting := _forms(match))}
    if forms:
        declared = ", ".join(f"{name} = {_quoted(fitting[0].text)}" for name, fitting in forms.items())
        several = any(len({form.day_first for form in fitting}) > 1 for fitting in forms.values())
        why = f"  # {UNSURE}no day is above 12, so the file does not say which comes first" if several else ""
        yield f"date_format = {{ {declared} }}{why}"
    for match in matches:
        if match.column.kind in (Kind.DATE, Kind.INSTANT) and match.column.name not in forms:
            for text in match.source.texts:
                if found := NUMERIC_DATE.match(text.strip()):
                    texts += 1
                    firsts, seconds = max(firsts, int(found[1])), max(seconds, int(found[2]))
    if not texts:
        return
    if firsts > 12 and seconds <= 12:
        yield f'date_order = "day_first"  # {texts} dates are text, days up to {firsts} stand first'
    elif seconds > 12 and firsts <= 12:
        yield f'date_order = "month_first"  # {texts} dates are text, days up to {seconds} stand second'
    else:
        why = "both places hold numbers above 12" if firsts > 12 else "no day is above 12, so the file does not say"
        yield f'date_order = "day_first"  # {UNSURE}{why}'


def _forms(match: ColumnMatch) -> list[DateFormat]:
    return date_forms(match.source, means_blank) if match.column.kind in DATES else []


def _numbers(matches: Sequence[ColumnMatch]) -> Iterator[str]:
    """The sign before decimals, where numbers are text and it is no point alone."""
    signs = {
        match.column.name: sign
        for match in matches
        if match.column.kind in NUMBERS and (sign := decimal_sign(match.source.texts))
    }
    if signs:
        yield f"decimal = {{ {', '.join(f'{name} = {_quoted(sign)}' for name, sign in signs.items())} }}"


def _blanks(matches: Sequence[ColumnMatch]) -> Iterator[str]:
    found: Counter[str] = Counter()
    for match in matches:
        if match.column.kind not in (Kind.TEXT, Kind.CODE):
            found.update({text: n for text, n in match.source.texts.items() if means_blank(text)})
    if found:
        counts = ", ".join(f"{text} {_times(count)}" for text, count in found.most_common())
        yield f"blank = [{', '.join(map(_quoted, found))}]  # {UNSURE}do these mean blank? {counts}"


def _covers(dataset: Dataset, matches: Sequence[ColumnMatch]) -> Iterator[str]:
    """The span that the records show: what the source selects by only a person knows."""
    starts = sorted(_days(matches, dataset.start))
    if not starts:
        return
    first, last = Month.of(starts[0]), Month.of(starts[-1])
    months = last.index - first.index + 1
    span = "month" if months == 1 else "financial_year_to_date" if first == last.financial_year_start else "all"
    if months in (12, 13):
        span = "last_12_months"
    selects = "started" if dataset.end is None or not list(_days(matches, dataset.end)) else "overlap"
    seen = f"records start from {first} to {last}; see docs/add-a-layout.md"
    yield f'covers = {{ span = "{span}", selects_by = "{selects}" }}  # {UNSURE}{seen}'


def _days(matches: Sequence[ColumnMatch], column: str) -> Iterator[date]:
    for match in matches:
        if match.column.name == column:
            for cell in match.source.cells:
                if day := _day(cell):
                    yield day


def _day(cell: tuple[str, str]) -> date | None:
    order: DateOrder = "day_first"
    try:
        if is_date(cell):
            return datetime.fromisoformat(cell[1]).date()
        found = written_date(cell[1].strip(), order, None)
    except ValueError:
        return None
    return found.day.date() if found else None


def _unknown_words(match: ColumnMatch) -> dict[str, int]:
    """The distinct texts of a coded column that its code list does not know; none where they are too many for codes."""
    assert match.column.codes is not None
    codes = match.column.codes
    unknown: Counter[str] = Counter()
    for (_, text), count in match.source.cells.items():
        if codes.parse(text) is None:
            unknown[text] += count
    return dict(unknown.most_common()) if len(unknown) <= MOST_WORDS else {}


def _values(dataset: Dataset, matches: Sequence[ColumnMatch], words: dict[str, dict[str, int]]) -> Iterator[str]:
    for match in matches:
        unknown = words.get(match.column.name)
        codes = match.column.codes
        if unknown and codes is not None:
            yield ""
            yield f"[layouts.{dataset.id}.values.{match.column.name}]  # one of {', '.join(codes.by_code)}"
            for text, count in unknown.items():
                yield _value_line(text, count, codes)


def _value_line(text: str, count: int, codes: CodeList) -> str:
    times = _times(count).capitalize()
    if means_blank(text):
        return f'{_quoted(text)} = ""  # {UNSURE}blank? {times}'
    labels = {code.code: code.label for code in codes.codes}
    best = process.extractOne(text, labels, scorer=fuzz.token_set_ratio, score_cutoff=ALIKE, processor=str.casefold)
    if best:
        return f"{_quoted(text)} = {_quoted(best[2])}  # {UNSURE}as {best[0]}? {times}"
    return f'# {_quoted(text)} = ""  # {UNSURE}which code? {times}'


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
