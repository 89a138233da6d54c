"""What owners wrote of their measures: the workbook of `perfpipe commentary`, as it came back filled in.

Its headers are those that perfpipe reads; a test holds the two together.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from perfpipe.dates.months import Month
from perfpipe_sample.cells import Cell
from perfpipe_sample.sheets import write_sheet
from perfpipe_sample.truth.figures import VALUE, TrueFigure

SHEET = "Commentary"
HEADERS: tuple[Cell, ...] = (
    "Owner", "Measure", "What it means, and the cause", "Action", "By when", "Question to put", "Written by",
    "Written on", "Key", "Figure as asked", "Status as asked",
)  # fmt: skip
LATEST_MONTHS = 3  # of which owners wrote
DAYS_TO_WRITE = 5  # from the end of a month
MOST_DECIMALS = 4
PERIOD = "month"


@dataclass(frozen=True)
class WordsOnMeasure:
    """What an owner says of a measure of which more is better, month after month, and within how many days it is done.

    Of measures that faults in records leave whole, or nearly; nothing that only some seeds bear out.
    """

    measure_id: str
    title: str
    role: str
    cause: str
    action: str
    days: int
    question: str = ""


WORDS = (
    WordsOnMeasure(
        "rhi_within_72h",
        "RHI-06 Return home interviews completed within 72 hours",
        "Lead for Missing and Exploitation",
        "Interviews out of area are late, as the other council offers them. In our own area the weekly list keeps "
        "offers on time.",
        "Tender again for a partner who interviews where children live.",
        90,
        "Will the Board ask neighbouring councils to share their interviewers?",
    ),
    WordsOnMeasure(
        "contacts_decided_1_day",
        "R2-01 Contacts decided within 1 working day",
        "Head of Early Help",
        "Duty managers decide contacts as they come in. Those that miss the day mostly came late in the afternoon.",
        "A duty manager stays until 7pm, from Monday to Thursday.",
        60,
    ),
    WordsOnMeasure(
        "reviews_on_time",
        "R6-03 Reviews of looked-after children held on time",
        "Manager of the Independent Reviewing Service",
        "Reviews slip where a placement changes in the weeks before. No review was left out.",
        "Reviews are booked again on the day of a move.",
        45,
    ),
)


def write_commentary(root: Path, first_reported: Sequence[TrueFigure], months: Sequence[Month], plan: Path) -> None:
    """A workbook for each of the last months, the figures as they were first reported, statuses by the plan."""
    targets = tomllib.loads(plan.read_text(encoding="utf-8"))["targets"]
    known = {
        (figure.month, figure.measure_id): figure
        for figure in first_reported
        if (figure.period, figure.breakdown, figure.state) == (PERIOD, "all", VALUE) and figure.denominator
    }
    for month in months[-LATEST_MONTHS:]:
        rows = list(_rows(month, known, targets))
        if rows:
            folder = root / "commentary" / str(month)
            folder.mkdir(parents=True, exist_ok=True)
            write_sheet(folder / f"commentary_{month}_returned.xlsx", SHEET, [HEADERS, *rows])


def _rows(
    month: Month, known: Mapping[tuple[str, str], TrueFigure], targets: Mapping[str, Any]
) -> Iterator[tuple[Cell, ...]]:
    for words in WORDS:
        figure = known.get((str(month), words.measure_id))
        steps = [step for step in targets.get(words.measure_id, {}).get("steps", ()) if step["from"] <= str(month)]
        if figure is None or not steps:
            continue
        value = Fraction(int(figure.numerator or 0), int(figure.denominator or 1))
        step = max(steps, key=lambda each: str(each["from"]))
        target, tolerance = Fraction(step["target"]), Fraction(step["amber_within"])
        status = "met" if value >= target else "near" if target - value <= tolerance else "missed"
        written_on = month.last_day + timedelta(days=DAYS_TO_WRITE)
        yield (
            words.role, words.title, words.cause, words.action, _by_when(written_on, words), words.question or None,
            words.role, written_on, f"{words.measure_id} {PERIOD} {month}", _shown(value, target), status,
        )  # fmt: skip


def _by_when(written_on: date, words: WordsOnMeasure) -> date:
    return Month.of(written_on + timedelta(days=words.days)).last_day


def _shown(value: Fraction, target: Fraction) -> str:
    """A percentage, half up, with as many decimals as it takes to be on the right side of its target."""
    for decimals in range(MOST_DECIMALS + 1):
        scale = 10**decimals
        rounded = Fraction(int(value * 100 * scale + Fraction(1, 2)), scale)
        if (rounded >= target * 100) is (value >= target):
            break
    return f"{float(rounded):.{decimals}f}%"
