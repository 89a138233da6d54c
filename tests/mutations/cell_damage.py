"""What goes wrong in cells: dates, identifiers, numbers, codes, errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from perfpipe.datasets import BY_ID
from perfpipe.datasets.definition import Kind
from tests.mutations.books import Cell, Style, Table, Xml, data_of, sheet_of, text_of, with_member, workbook
from tests.mutations.cases import Case
from tests.mutations.harness import Mutant, MutationClass
from tests.mutations.rule_sets import ARRIVAL, DATE_SENSE, DATES, IDS, KEYS, VALUES, rules

Change = Callable[[Cell], Cell]
DATED = (Kind.DATE, Kind.INSTANT)


def mutant(case: Case, what: str, table: Table | None = None, data: bytes | None = None) -> Mutant:
    """A delivery of the case with another table, or other bytes."""
    content = data if data is not None else data_of(table or case.table)
    return Mutant({case.table.name: content, **case.companions}, what)


def some(case: Case, rng: Random, column: str, change: Change, what: str, share: float = 0.0) -> Mutant | None:
    """One filled cell of a column changed, or a share of them. None if that changes nothing."""
    position, filled = case.table.at(column), case.filled(column)
    chosen = rng.sample(filled, max(1, round(share * len(filled))))
    old = {number: case.table.records[number][position] for number in chosen}
    new = {number: change(cell) for number, cell in old.items()}
    if new == old:
        return None
    return mutant(case, f"{what}: {column}, {len(new)} cells", case.table.with_cells(column, new))


def a_column(case: Case, rng: Random, *kinds: Kind, must: bool = False) -> str | None:
    """A filled column of some kinds; with `must`, one that every record needs."""
    names = [n for n in case.of_kind(*kinds) if not must or BY_ID[case.dataset].by_name[n].filled]
    return rng.choice(names) if names else None


def as_day(cell: Cell) -> date | None:
    """The date of a cell, be it a date or text dd/mm/yyyy."""
    if isinstance(cell, datetime | date):
        return cell
    try:
        return datetime.strptime(str(cell)[:10], "%d/%m/%Y")
    except ValueError:
        return None


def month_first(cell: Cell) -> Cell:
    """A date as text with the month first; other cells stay."""
    if not isinstance(cell, datetime | date):
        text = str(cell)
        return f"{text[3:5]}/{text[:2]}{text[5:]}" if as_day(cell) else cell
    return cell.strftime("%m/%d/%Y %H:%M" if isinstance(cell, datetime) else "%m/%d/%Y")


def swapped(cell: Cell) -> Cell:
    """Day and month of a date exchanged where both readings exist."""
    day = as_day(cell)
    if day is None or day.day > 12 or day.day == day.month:
        return cell
    if isinstance(cell, str):
        return month_first(cell)
    return cell.replace(month=day.day, day=day.month) if isinstance(cell, date) else cell


# day and month -------------------------------------------------------------------------------------------------------


def column_month_first(case: Case, rng: Random) -> Mutant | None:
    """A whole column of text dates with the month first."""
    column = a_column(case, rng, *DATED)
    return some(case, rng, column, month_first, "month first", 1.0) if column else None


def all_month_first(case: Case, rng: Random) -> Mutant | None:
    """Every date of the file with the month first."""
    columns = case.of_kind(*DATED)
    if not columns:
        return None
    table = case.table
    for column in columns:
        position = table.at(column)
        table = table.with_cells(column, {n: month_first(table.records[n][position]) for n in case.filled(column)})
    return mutant(case, "every date with the month first", table)


def opened_in_excel(case: Case, rng: Random) -> Mutant | None:
    """Text dates opened under American settings: days up to 12 became date cells with day and month exchanged."""
    column = a_column(case, rng, *DATED)
    if not column or case.table.kind != "xlsx":
        return None

    def opened(cell: Cell) -> Cell:
        day = as_day(cell)
        return swapped(day) if day is not None and day.day <= 12 else text_of(cell)

    return some(case, rng, column, opened, "opened in Excel under American settings", 1.0)


# identifiers ---------------------------------------------------------------------------------------------------------


def an_id(case: Case, rng: Random) -> str | None:
    """An identifier column whose ids begin with zeros."""
    names = [
        n for n in case.of_kind(Kind.ID) if str(case.table.records[case.filled(n)[0]][case.table.at(n)]).startswith("0")
    ]
    return rng.choice(names) if names else None


def zeros_lost(case: Case, rng: Random) -> Mutant | None:
    """Leading zeros of the whole column lost, as text."""
    column = an_id(case, rng)
    return some(case, rng, column, lambda cell: str(cell).lstrip("0"), "leading zeros lost", 1.0) if column else None


def zeros_lost_as_numbers(case: Case, rng: Random) -> Mutant | None:
    """Leading zeros lost because the ids became numbers."""
    column = an_id(case, rng)
    return some(case, rng, column, lambda cell: int(str(cell)), "ids became numbers", 1.0) if column else None


def some_zeros_lost(case: Case, rng: Random) -> Mutant | None:
    """Leading zeros lost in a third of the cells."""
    column = an_id(case, rng)
    return some(case, rng, column, lambda cell: str(cell).lstrip("0"), "leading zeros lost", 0.3) if column else None


def scientific(case: Case, rng: Random) -> Mutant | None:
    """Ids of 17 digits shown as 1.23457E+16."""
    column = a_column(case, rng, Kind.ID)
    return (
        some(case, rng, column, lambda _: "1.23457E+16", "scientific notation", rng.choice((0.0, 0.5)))
        if column
        else None
    )


def seventeen_digits(case: Case, rng: Random) -> Mutant | None:
    """A 17-digit id in a number cell, which holds 15."""
    column = a_column(case, rng, Kind.ID)
    if not column or case.table.kind != "xlsx":
        return None
    cell = Xml("", f"<v>{rng.choice(('12345678901234567', '1.2345678901234568E+16'))}</v>")
    return some(case, rng, column, lambda _: cell, "17 digits as a number")


def id_with_decimals(case: Case, rng: Random) -> Mutant | None:
    """123.0 where 123 stood."""
    column = a_column(case, rng, Kind.ID)
    end = rng.choice((".0", ".00"))
    if not column:
        return None
    return some(
        case,
        rng,
        column,
        lambda cell: f"{''.join(c for c in str(cell) if c.isdigit()) or 1}{end}",
        "decimals",
        rng.choice((0.0, 1.0)),
    )


# numbers -------------------------------------------------------------------------------------------------------------


def number_written(form: Callable[[float], str], what: str) -> Callable[[Case, Random], Mutant | None]:
    """A number column in another notation, as text."""

    def number_in_words(case: Case, rng: Random) -> Mutant | None:
        column = a_column(case, rng, Kind.NUMBER)
        if not column:
            return None
        change: Change = lambda cell: form(float(str(cell)))  # noqa: E731
        return some(case, rng, column, change, what, rng.choice((0.0, 1.0)))

    return number_in_words


def fte_as_percent(case: Case, rng: Random) -> Mutant | None:
    """An FTE of 85 for 0.85."""
    if "fte" not in case.table.columns:
        return None
    return some(case, rng, "fte", lambda cell: float(str(cell)) * 100, "FTE as a percentage", rng.choice((0.0, 1.0)))


def percent_cells(case: Case, rng: Random) -> Mutant | None:
    """Number cells formatted as percentages: still the number."""
    column = a_column(case, rng, Kind.NUMBER)
    if not column or case.table.kind != "xlsx":
        return None
    change: Change = lambda cell: Xml('s="3"', f"<v>{cell}</v>")  # noqa: E731
    changed = some(case, rng, column, change, "formatted as a percentage", 1.0)
    return changed and _with_percent_style(changed)


def _with_percent_style(made: Mutant) -> Mutant:
    style = '<xf numFmtId="9" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    ((name, data),) = made.files.items()
    return replace(made, files={name: with_member(data, "xl/styles.xml", "</cellXfs>", style)})


# codes ---------------------------------------------------------------------------------------------------------------


def bad_code(value: str, what: str) -> Callable[[Case, Random], Mutant | None]:
    """A code that is on no list, or on that of another column."""

    def unknown_code(case: Case, rng: Random) -> Mutant | None:
        column = a_column(case, rng, Kind.CODE)
        return some(case, rng, column, lambda _: value, what) if column else None

    return unknown_code


def code_in_other_case(case: Case, rng: Random) -> Mutant | None:
    """A code in small letters and with spaces around it: still the code."""
    column = a_column(case, rng, Kind.CODE)
    return some(case, rng, column, lambda cell: f" {str(cell).swapcase()} ", "case and spaces", 0.5) if column else None


LOOKALIKES = str.maketrans("AEOPCTKUMHaeopcx0123456789", "АЕОРСТКUМНаеорсх０１２３４５６７８９")


def look_alike(*kinds: Kind) -> Callable[[Case, Random], Mutant | None]:
    """Letters of another alphabet, and full-width digits, in one cell."""

    def other_alphabet(case: Case, rng: Random) -> Mutant | None:
        column = a_column(case, rng, *kinds)
        return (
            some(case, rng, column, lambda cell: text_of(cell).translate(LOOKALIKES), "look-alikes") if column else None
        )

    return other_alphabet


def invisible(mark: str, *kinds: Kind) -> Callable[[Case, Random], Mutant | None]:
    """Signs that nobody sees around, or inside, a value."""

    def unseen(case: Case, rng: Random) -> Mutant | None:
        column = a_column(case, rng, *kinds)
        if not column:
            return None
        inside = rng.random() < 0.3

        def change(cell: Cell) -> Cell:
            text = text_of(cell)
            return text[:1] + mark + text[1:] if inside else mark + text + mark

        return some(case, rng, column, change, f"sign {ord(mark):04x} {'inside' if inside else 'around'}")

    return unseen


# dates that are no dates of ours -------------------------------------------------------------------------------------


def odd_date(text: str, what: str) -> Callable[[Case, Random], Mutant | None]:
    """A text that is no date of the records' time."""

    def impossible_date(case: Case, rng: Random) -> Mutant | None:
        column = a_column(case, rng, *DATED)
        return some(case, rng, column, lambda _: text, what) if column else None

    return impossible_date


def two_digit_years(case: Case, rng: Random) -> Mutant | None:
    """05/06/17."""
    column = a_column(case, rng, *DATED)
    share = rng.choice((0.0, 1.0))

    def short(cell: Cell) -> Cell:
        day = as_day(cell)
        return day.strftime("%d/%m/%y") if day else cell

    return some(case, rng, column, short, "two-digit years", share) if column else None


def serial_as_text(case: Case, rng: Random) -> Mutant | None:
    """43000: a date whose format was lost."""
    column = a_column(case, rng, *DATED)
    number = str(rng.randint(40000, 43100))
    cell: Cell = int(number) if case.table.kind == "xlsx" and rng.random() < 0.5 else number
    return some(case, rng, column, lambda _: cell, "a date's serial number", rng.choice((0.0, 1.0))) if column else None


def small_serial(case: Case, rng: Random) -> Mutant | None:
    """Date cells before March 1900, where Excel's calendar is wrong, and negative ones."""
    column = a_column(case, rng, *DATED)
    if not column or case.table.kind != "xlsx":
        return None
    number = rng.choice((-3, 0, 0.5, 1, 59, 60))
    return some(case, rng, column, lambda _: Xml('s="1"', f"<v>{number}</v>"), f"serial {number}")


def clock_gap(case: Case, rng: Random) -> Mutant | None:
    """A time that clocks went forward over."""
    column = a_column(case, rng, Kind.INSTANT)
    moment: Cell = datetime(2017, 3, 26, 1, 30)
    moment = moment if rng.random() < 0.5 else text_of(moment)
    return some(case, rng, column, lambda _: moment, "01:30 on 26 March 2017") if column else None


def years_away(case: Case, rng: Random) -> Mutant | None:
    """A whole column of dates many years away."""
    column = a_column(case, rng, *DATED, must=True)
    years = rng.choice((-100, 100, 500))

    def far(cell: Cell) -> Cell:
        day = as_day(cell)
        return day.replace(day=min(day.day, 28), year=day.year + years).strftime("%d/%m/%Y") if day else cell

    return some(case, rng, column, far, f"{years} years away", rng.choice((0.0, 1.0))) if column else None


# errors and formulas -------------------------------------------------------------------------------------------------


def error_cells(case: Case, rng: Random) -> Mutant | None:
    """#REF! and its like, as error cells and as text."""
    error = rng.choice(("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"))
    column = rng.choice([name for name in case.table.columns if name and case.filled(name)])
    cell: Cell = Xml('t="e"', f"<v>{error}</v>") if case.table.kind == "xlsx" else error
    return some(case, rng, column, lambda _: cell, error, rng.choice((0.0, 0.1, 0.5)))


def formulas(case: Case, rng: Random) -> Mutant | None:
    """Formulas that were never calculated."""
    column = rng.choice([name for name in case.table.columns if name and case.filled(name)])
    if case.table.kind != "xlsx":
        return None
    inside = rng.choice(("<f>A1+1</f>", "<f>A1+1</f><v/>", "<f>A1+1</f><v></v>", '<f t="shared" si="0"/>'))
    return some(case, rng, column, lambda _: Xml("", inside), "formula without value", rng.choice((0.0, 0.1, 0.5)))


def formula_with_value(case: Case, rng: Random) -> Mutant | None:
    """Formulas with the value beside them: read as the value."""
    column = a_column(case, rng, Kind.ID, Kind.CODE, Kind.TEXT)
    if not column or case.table.kind != "xlsx":
        return None

    def formula(cell: Cell) -> Cell:
        if not isinstance(cell, str):
            return Xml("", f"<f>1*1</f><v>{cell}</v>")
        from xml.sax.saxutils import escape

        return Xml('t="str"', f'<f>T("a")</f><v>{escape(cell)}</v>')

    return some(case, rng, column, formula, "formula with its value", 0.5)


# 1904 ----------------------------------------------------------------------------------------------------------------


def switched_to_1904(case: Case, rng: Random) -> Mutant | None:
    """The calendar of 1904 switched on over dates that count from 1900: all are four years later."""
    if case.table.kind != "xlsx" or not case.of_kind(*DATED):
        return None
    switch = '<workbookPr date1904="1"/><sheets>'
    data = with_member(data_of(case.table), "xl/workbook.xml", "<sheets>", switch)
    return mutant(case, "1904 switched on", data=data)


def truly_1904(case: Case, rng: Random) -> Mutant | None:
    """A workbook whose dates do count from 1904."""
    if case.table.kind != "xlsx":
        return None
    return mutant(case, "dates count from 1904", data=workbook([sheet_of(case.table)], Style(date1904=True)))


# what cannot be noticed ----------------------------------------------------------------------------------------------


def one_day_swapped(case: Case, rng: Random) -> Mutant | None:
    """Day and month exchanged in one date, both readings plausible."""
    column = a_column(case, rng, *DATED)
    if not column:
        return None
    position = case.table.at(column)
    suited = [
        n for n in case.filled(column) if swapped(case.table.records[n][position]) != case.table.records[n][position]
    ]
    if not suited:
        return None
    number = rng.choice(suited)
    cells = {number: swapped(case.table.records[number][position])}
    return mutant(case, f"day and month swapped: {column}", case.table.with_cells(column, cells))


def another_code(case: Case, rng: Random) -> Mutant | None:
    """Another code of the same list."""
    column = a_column(case, rng, Kind.CODE)
    if not column:
        return None
    position = case.table.at(column)
    number = rng.choice(case.filled(column))
    others = {text_of(case.table.records[n][position]) for n in case.filled(column)} - {
        text_of(case.table.records[number][position])
    }
    if not others:
        return None
    return mutant(case, f"another code: {column}", case.table.with_cells(column, {number: rng.choice(sorted(others))}))


def another_day(case: Case, rng: Random) -> Mutant | None:
    """A date or time a little off."""
    column = a_column(case, rng, *DATED)
    if not column:
        return None
    off = timedelta(days=rng.choice((-3, -2, -1, 1, 2, 3)))
    position = case.table.at(column)
    suited = [n for n in case.filled(column) if isinstance(case.table.records[n][position], date)]
    if not suited:
        return None
    number = rng.choice(suited)
    cell = case.table.records[number][position]
    assert isinstance(cell, date)
    return mutant(case, f"{off.days} days off: {column}", case.table.with_cells(column, {number: cell + off}))


def number_slip(case: Case, rng: Random) -> Mutant | None:
    """Another plausible number: 1.5 times as large."""
    column = a_column(case, rng, Kind.NUMBER, Kind.COUNT)
    if not column or column == "fte":
        return None
    return some(case, rng, column, lambda cell: round(float(str(cell)) * 1.5), "another number")


def one_child_twice(case: Case, rng: Random) -> Mutant | None:
    """A child or worker under the id of another, who may be anybody."""
    names = [n for n in ("child_id", "worker_id") if n in case.table.columns]
    if not names:
        return None
    position = case.table.at(names[0])
    ids = sorted({text_of(row[position]) for row in case.table.records})
    return some(case, rng, names[0], lambda _: rng.choice(ids), "under the id of another")


CELL_CLASSES = (
    MutationClass(
        "day and month swapped in a column of dates",
        (column_month_first, all_month_first, opened_in_excel),
        DATES | DATE_SENSE | rules("column_retyped"),
    ),
    MutationClass(
        "leading zeros lost",
        (zeros_lost, zeros_lost_as_numbers, some_zeros_lost),
        IDS | rules("not_followed_up history_vanished"),
    ),
    MutationClass(
        "ids rounded: 17 digits, scientific, decimals", (scientific, seventeen_digits, id_with_decimals), IDS | KEYS
    ),
    MutationClass("calendar of 1904", (switched_to_1904, truly_1904), DATES | DATE_SENSE),
    MutationClass("error cells", (error_cells,), VALUES),
    MutationClass("formulas, with and without a value", (formulas, formulas, formula_with_value), VALUES),
    MutationClass(
        "85, 85%, 1,234, 0,85, currency",
        (
            fte_as_percent,
            percent_cells,
            number_written(lambda n: f"{n * 100:.0f}%", "85%"),
            number_written(lambda n: f"{n * 1000:,.1f}", "1,234.5"),
            number_written(lambda n: f"{n:.2f}".replace(".", ","), "0,85"),
            number_written(lambda n: f"\u00a3{n}", "a currency"),
            number_written(lambda n: f"{n} (est.)", "a remark"),
            number_written(lambda n: f"-{n + 1}", "negative"),
        ),
        VALUES | rules("fte_above_one fte_impossible distance_implausible column_retyped"),
    ),
    MutationClass(
        "unknown codes, codes of another list",
        (
            bad_code("ZZ9", "unknown code"),
            bad_code("#", "a sign"),
            bad_code("Q: Placement", "unknown code with description"),
            bad_code("CREQB", "a code of another list"),
            bad_code("12345", "a number"),
            code_in_other_case,
        ),
        VALUES,
    ),
    MutationClass(
        "dates that cannot be: two-digit years, far, in the clock change",
        (
            two_digit_years,
            serial_as_text,
            small_serial,
            clock_gap,
            years_away,
            odd_date("31/02/2017", "a day that does not exist"),
            odd_date("00/00/0000", "zeros"),
            odd_date("01/01/1899", "before 1900"),
            odd_date("31/12/9999", "year 9999"),
            odd_date("not known", "words"),
            odd_date("2017-13-01", "month 13"),
            odd_date("32 May 2017", "a month in words, no such day"),
        ),
        DATES | DATE_SENSE | VALUES | rules("column_retyped"),
    ),
    MutationClass(
        "look-alike letters, invisible signs",
        (
            look_alike(Kind.CODE),
            look_alike(Kind.ID),
            look_alike(*DATED),
            invisible("\u200b", Kind.CODE, Kind.ID),
            invisible("\u00a0", Kind.CODE, Kind.ID),
            invisible("\ufeff", Kind.CODE, Kind.ID),
            invisible("\u202e", Kind.ID),
            invisible("\u00ad", Kind.ID, *DATED),
        ),
        VALUES | DATES | IDS,
    ),
)
PLAUSIBLE = "It is what an undamaged extract could say"
BEYOND_NOTICE = (
    MutationClass("one plausible swap of day and month", (one_day_swapped,), DATES | DATE_SENSE | ARRIVAL,
                  f"{PLAUSIBLE}: both readings of 03/04/2017 are days."),
    MutationClass("another code of the same list", (another_code,), VALUES, f"{PLAUSIBLE}: both codes are used."),
    MutationClass("a date a few days off", (another_day,), DATES | DATE_SENSE, f"{PLAUSIBLE}."),
    MutationClass("another plausible number", (number_slip,), VALUES, f"{PLAUSIBLE}."),
    MutationClass("a record under another child's id", (one_child_twice,), KEYS | DATE_SENSE, f"{PLAUSIBLE}."),
)  # fmt: skip
