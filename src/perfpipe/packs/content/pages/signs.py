"""Status, movement and good-is as a word with its sign and a second line: the one place where signs are chosen."""

from __future__ import annotations

import re

from perfpipe.dates.months import Month
from perfpipe.measures.definition import Polarity
from perfpipe.measures.words import STATUS_WORDS, Assurance, Movement, MovementBy, State, Status, Variation, capital
from perfpipe.packs.content.pages.subject import Subject
from perfpipe.packs.models.blocks import Sign, SignedWord
from perfpipe.packs.models.drawings import Tone
from perfpipe.packs.models.row import Row
from perfpipe.packs.wording.numbers import short_month

STATUS_SIGNS = {
    Status.MET: Sign.MET,
    Status.NEAR: Sign.NEAR,
    Status.MISSED: Sign.MISSED,
    Status.NO_DATA: Sign.NO_DATA,
    Status.NOT_DECIDED: Sign.NO_DATA,
}
GOOD_IS_SIGNS = {
    Polarity.HIGHER_IS_BETTER: Sign.GOOD_IS_HIGH,
    Polarity.LOWER_IS_BETTER: Sign.GOOD_IS_LOW,
    Polarity.RANGE_IS_BEST: Sign.GOOD_IS_RANGE,
}
MOVEMENT_SIGNS = {
    Movement.HIGHER: Sign.HIGHER,
    Movement.LOWER: Sign.LOWER,
    Movement.NO_CLEAR_CHANGE: Sign.NO_CLEAR_CHANGE,
    Movement.NOT_TESTED: Sign.NOT_TESTED,
}
UP_OR_DOWN = {
    Movement.BETTER: (Sign.BETTER_UP, Sign.BETTER_DOWN),
    Movement.WORSE: (Sign.WORSE_UP, Sign.WORSE_DOWN),
}
OUTLOOKS = {
    Assurance.PASSES: "will meet",
    Assurance.HIT_AND_MISS: "hit or miss",
    Assurance.FAILS: "will miss",
}
TONES = {Movement.BETTER: Tone.BETTER, Movement.WORSE: Tone.WORSE}
HIGH = (Variation.IMPROVEMENT_HIGH, Variation.CONCERN_HIGH, Variation.NEUTRAL_HIGH)
LOW = (Variation.IMPROVEMENT_LOW, Variation.CONCERN_LOW, Variation.NEUTRAL_LOW)
YEAR = 12  # months
NO_FIGURE_BEFORE, NOTHING_BEFORE = re.compile(r"no figure \d+ months earlier"), "no figure then"
FAULTS = "data faults"
PROVISIONAL, FEW_CASES, INCOMPLETE = "provisional", "few cases", "incomplete"


def good_is(polarity: Polarity) -> Sign | None:
    """Which way is good; None where neither is."""
    return GOOD_IS_SIGNS.get(polarity)


def doubt(subject: Subject) -> str:
    """What has to be said beside a status: `provisional`, `few cases`, `incomplete`; empty without any."""
    figure = subject.figure
    told = ((PROVISIONAL, figure.provisional), (FEW_CASES, figure.low_base), (INCOMPLETE, bool(figure.left_out)))
    return ", ".join(word for word, is_so in told if is_so)


def status_word(subject: Subject) -> SignedWord:
    """The status, and under it what is to be doubted, why there is none, or the outlook."""
    row = subject.row
    word = capital(STATUS_WORDS[row.status])
    if row.state is not State.OK:
        return SignedWord(capital(STATUS_WORDS[Status.NO_DATA]), Sign.NO_DATA, _brief(row.state_reason))
    if row.status is Status.NOT_DECIDED:
        could_be = " or ".join(STATUS_WORDS[each] for each in STATUS_SIGNS if each in subject.possible_statuses)
        return SignedWord(word, Sign.NO_DATA, could_be or FAULTS)
    return SignedWord(word, STATUS_SIGNS.get(row.status), doubt(subject) or outlook(row))


def outlook(row: Row) -> str:
    """Whether the target can be relied on, in brief: `hit or miss`; empty where it is not said."""
    return OUTLOOKS.get(row.assurance, "")


def movement_word(subject: Subject) -> SignedWord:
    """What a measure has done, and under it since when, that it could be chance, or why it was not tested."""
    row = subject.row
    return SignedWord(capital(row.movement), movement_sign(subject), _beneath(row))


def movement_sign(subject: Subject) -> Sign:
    """The mark of a movement, with the direction of the figure."""
    movement = subject.row.movement
    if movement in UP_OR_DOWN:
        up, down = UP_OR_DOWN[movement]
        return up if _went_up(subject) else down
    return MOVEMENT_SIGNS[movement]


def tone_of(row: Row) -> Tone:
    """The colour of the newest figure: of a change for the better or worse, else plain."""
    return TONES.get(row.movement, Tone.PLAIN)


def _beneath(row: Row) -> str:
    match row.movement:
        case Movement.NOT_TESTED:
            return _brief(row.movement_reason)
        case Movement.NO_CLEAR_CHANGE:
            return ""
    if not row.movement_is_sure:
        return "could be chance"
    if row.movement_since and row.movement_by is not MovementBy.YEAR:
        return f"since {short_month(row.movement_since)}"
    if row.year_month and Month.parse(row.month).index - Month.parse(row.year_month).index != YEAR:
        return f"than in {short_month(row.year_month)}"
    return "than a year ago"


def _went_up(subject: Subject) -> bool:
    """By polarity where one way is better; within a range by the side of the signal, else against what was before."""
    row, polarity = subject.row, subject.measure.shown.polarity
    if polarity in (Polarity.HIGHER_IS_BETTER, Polarity.LOWER_IS_BETTER):
        return (row.movement is Movement.BETTER) is (polarity is Polarity.HIGHER_IS_BETTER)
    if row.movement_by is MovementBy.LIMITS and row.variation in (*HIGH, *LOW):
        return row.variation in HIGH
    middle = row.median if row.mean is None else row.mean
    before = row.year_value if row.movement_by is MovementBy.YEAR else middle
    return row.value is not None and before is not None and row.value > before


def _brief(reason: str) -> str:
    """A reason without its details, which stand with the measure."""
    if NO_FIGURE_BEFORE.match(reason):
        return NOTHING_BEFORE
    return reason.partition(":")[0].strip().removesuffix(" for the month")
