"""Page 5, from a return to an interview within 72 hours: what was lost at which step, and for how many children."""

from __future__ import annotations

from perfpipe.dates.months import Month
from perfpipe.measures.definition import Period
from perfpipe.measures.return_home_interviews import AREA
from perfpipe.packs.content.pages.levels import against, with_counts
from perfpipe.packs.content.pages.texts import paragraph
from perfpipe.packs.content.pages.topic_drawings import marked
from perfpipe.packs.content.pages.topic_figures import FigureOf, TopicFigures
from perfpipe.packs.content.pages.topic_tables import CountLine, count_table, number_columns
from perfpipe.packs.content.pages.topic_words import changed
from perfpipe.packs.models.blocks import (
    Block,
    BoardPage,
    DataTable,
    Manner,
    Picture,
    SideBySide,
    TableColumn,
    Terms,
    Words,
)
from perfpipe.packs.models.drawings import Funnel, FunnelStep, Tone
from perfpipe.packs.wording.numbers import listed
from perfpipe.phrases.counted_nouns import count_of

LEAST_MONTHS = 3  # without a meeting that was shown data
PERIODS = (Period.MONTH, Period.QUARTER, Period.YEAR_TO_DATE, Period.ROLLING_12)  # the shortest first
IN_TIME = "rhi_within_72h"
STEPS = (  # measure, how the bar is called, the measure that gives its share
    ("funnel_returned", "Returned", ""),
    ("funnel_due", "Interview due", ""),
    ("funnel_offered", "Offered", "rhi_offered"),
    ("funnel_accepted", "Accepted", ""),
    ("funnel_completed", "Interviewed", "rhi_completed"),
    ("funnel_within_72h", "Within 72 hours", IN_TIME),
)
CHILDREN = (
    ("funnel_children_returned", "Returned"),
    ("funnel_children_due", "Interview due"),
    ("funnel_children_completed", "Interviewed"),
    ("funnel_children_within_72h", "Within 72 hours"),
)
LOSSES = (
    ("Before it was due", ("funnel_impossible", "funnel_not_required", "funnel_not_yet_due")),
    ("Due, but not offered", ("funnel_not_offered", "funnel_offer_not_recorded")),
    ("Offered, but not accepted", ("funnel_declined_child", "funnel_declined_parent", "funnel_other_outcome")),
    ("Due, and no interview in time", ("funnel_not_completed", "funnel_late", "funnel_mistimed")),
)
QUESTIONS = {
    "funnel_not_offered": "Why is no interview offered after so many returns, and who makes sure that one is?",
    "funnel_offer_not_recorded": "Who makes sure that each offer is recorded, and by when will the gaps be filled?",
    "funnel_declined_child": "What do children who decline say, and who else could they talk to?",
    "funnel_declined_parent": "What do parents who decline say, and who speaks to the child then?",
    "funnel_other_outcome": "What becomes of interviews that were offered and have no outcome?",
    "funnel_late": "What would it take to reach the children who are interviewed late within three days?",
}
LARGEST = {
    "funnel_not_offered": "no interview offered",
    "funnel_offer_not_recorded": "no offer recorded",
    "funnel_declined_child": "the child declined",
    "funnel_declined_parent": "a parent declined",
    "funnel_other_outcome": "offered, with no outcome",
    "funnel_late": "interviewed late",
}
ABOUT = (
    *(FigureOf(name, Period.ROLLING_12) for name, _, _ in STEPS),
    *(FigureOf(name, Period.MONTH) for name in ("rhi_offered", "rhi_completed", IN_TIME)),
)
*AREAS, UNKNOWN_AREA = AREA.groups
WHY_NOT = "not_required_because"


def funnel_page(figures: TopicFigures, number: int) -> BoardPage:
    """From return to interview over the months since the Board met."""
    period = _period(figures)
    blocks = _blocks(figures, period) if figures.count(FigureOf("funnel_returned", period)) else _nothing(figures)
    return BoardPage("interview-funnel", number, "Interviews: from return to interview",
                     _heading(figures, period), blocks)  # fmt: skip


def _period(figures: TopicFigures) -> Period:
    """The shortest period to the report month that takes in every month since the data which the Board last saw."""
    wanted = LEAST_MONTHS if figures.seen_to is None else figures.month.index - figures.seen_to.index
    fits = [period for period in PERIODS if len(period.months_to(figures.month)) >= wanted]
    return fits[0] if fits else Period.ROLLING_12


def _when(figures: TopicFigures, period: Period) -> str:
    months = period.months_to(figures.month)
    return months[-1].label if len(months) == 1 else f"{_named(months[0], months[-1])} to {months[-1].label}"


def _named(first: Month, last: Month) -> str:
    return first.label.split()[0] if first.year == last.year else first.label


def _heading(figures: TopicFigures, period: Period) -> str:
    returned, done, in_time = (
        figures.count(FigureOf(name, period)) for name in ("funnel_returned", "funnel_completed", "funnel_within_72h")
    )
    if returned and done is not None and in_time is not None:
        return f"Of {returned:,} returns, {done:,} were interviewed, {in_time:,} in time"
    return f"From return to interview: no figures for {figures.month.label}"


def _nothing(figures: TopicFigures) -> tuple[Block, ...]:
    figure = figures.figure(FigureOf("funnel_returned", Period.MONTH))
    reason = f": {figure.reason}" if figure.reason else "; no child returned"
    return (paragraph(f"There is no funnel to show for {figures.month.label}{reason}.", Manner.LEDE),)


def _blocks(figures: TopicFigures, period: Period) -> tuple[Block, ...]:
    lost = _losses(figures, period)
    return (
        paragraph(_lede(figures, period), Manner.LEDE),
        SideBySide((_funnel(figures, period),), (_children(figures, period),)),
        lost,
        *_why_not(figures),
        *_closing(figures, period),
    )


def _lede(figures: TopicFigures, period: Period) -> str:
    of = FigureOf(IN_TIME, period)
    if not figures.has(of):
        return f"{_when(figures, period)}."
    subject = figures.subject(of)
    done = f"{with_counts(subject)} of the interviews due were done within 72 hours"
    said = ", ".join(filter(None, (f"{_when(figures, period)}: {done}", against(subject))))
    return " ".join(filter(None, (f"{said}.", changed(subject))))


def _funnel(figures: TopicFigures, period: Period) -> Picture:
    steps, keys = [], []
    for name, label, share in STEPS:
        of, of_share = FigureOf(name, period), FigureOf(share, period)
        figure = figures.figure(of)
        keys.append(figure.key)
        shown = ""
        # the share is said where it is of the very returns that the bar shows
        if share and figures.has(of_share) and figures.row(of_share).numerator == figure.value:
            shown = marked(figures.figure(of_share))
            keys.append(figures.figure(of_share).key)
        tone = {"funnel_returned": Tone.THIRD, "funnel_within_72h": Tone.FOCUS}.get(name, Tone.SECOND)
        steps.append(FunnelStep(label, figure.value, marked(figure), shown, tone))
    most, name = _largest(figures, period)
    words = "; ".join(f"{step.label} {step.shown}" + (f" ({step.share})" if step.share else "") for step in steps)
    return Picture(
        id="interview-funnel-chart",
        heading=f"The largest loss: {LARGEST[name]}" if most else "Nothing was lost on the way",
        caption=f"Returns, {_when(figures, period)}, and % of interviews due",
        alt=f"Bars that get shorter, from {steps[0].shown} returns to {steps[-1].shown} interviews within 72 hours.",
        description=f"{_when(figures, period)}. {words}.",
        drawing=Funnel(tuple(steps), "returns", "% of due"),
        width=90.0,
        height=56.0,
        keys=tuple(keys),
    )


def _children(figures: TopicFigures, period: Period) -> DataTable:
    before = figures.month - 12
    lines = [CountLine(label, [(FigureOf(name, period), None), (FigureOf(name, period), before)])
             for name, label in CHILDREN]  # fmt: skip
    return count_table(
        figures,
        "interview-children",
        "The children behind these returns",
        (TableColumn("Step", 0.5), *number_columns("Children", "A year ago", width=0.25)),
        [("", lines)],
        " ".join(filter(None, ("A child who returned several times is one child.", _share_of(figures, period)))),
    )


def _share_of(figures: TopicFigures, period: Period) -> str:
    """Why the share in time is of fewer than are due, where it is."""
    due, in_time = figures.count(FigureOf("funnel_due", period)), FigureOf(IN_TIME, period)
    of = figures.row(in_time).denominator if figures.has(in_time) else None
    if due is None or of is None or of == due:
        return ""
    return (
        f"The share within 72 hours is of {of:,.0f}, not of the {due:,} due: {due - of:,.0f} with an interview at an "
        "impossible time cannot be judged."
    )


def _unknown_area(figures: TopicFigures) -> str:
    """Why the two areas do not add up, where they do not."""
    unknown = figures.count(FigureOf("funnel_returned", Period.ROLLING_12, AREA.id, UNKNOWN_AREA)) or 0
    said = f"The two areas do not add up to 12 months: of {count_of(unknown, 'return')} the area is not recorded."
    return said if unknown else ""


def _losses(figures: TopicFigures, period: Period) -> DataTable:
    """By area in 12 months: of quarters and of the year to date there are no groups (definitions 2.1)."""
    groups = []
    for title, names in LOSSES:
        lines = []
        for name in names:
            of, year = FigureOf(name, period), FigureOf(name, Period.ROLLING_12)
            if figures.has(of):
                areas = [(year.within(AREA.id, group), None) for group in AREAS]
                lines.append(CountLine(figures.measure(of).title, [(of, None), (of, figures.month - 12), *areas]))
        groups.append((title, lines))
    headers = ("Returns", "A year ago", "12 months, in area", "12 months, out of area")
    return count_table(
        figures,
        "interview-losses",
        f"What was lost at each step: returns, {_when(figures, period)}, and in 12 months by area",
        (TableColumn("Step", 0.4), *number_columns(*headers, width=0.15)),
        groups,
        _unknown_area(figures),
    )


def _why_not(figures: TopicFigures) -> tuple[Block, ...]:
    """The reasons why no interview was required, in 12 months, as there are no groups of quarters."""
    of = FigureOf("funnel_not_required", Period.ROLLING_12)
    whole = figures.count(of)
    if not whole:
        return ()
    reasons = next(each for each in figures.measure(of).shown.breakdowns if each.id == WHY_NOT)
    by_reason = [(label, figures.count(of.within(WHY_NOT, group))) for group, label in reasons.groups.items()]
    words = [f"{label.lower()} ({number:,})" for label, number in by_reason if number]
    said = f"In the 12 months to {figures.month.label} no interview was required after {whole:,} returns"
    return (paragraph(f"{said}: {listed(words)}."),) if words else ()


def _largest(figures: TopicFigures, period: Period) -> tuple[int, str]:
    """The step at which most was lost, and how many."""
    return max(((figures.count(FigureOf(name, period)) or 0, name) for name in QUESTIONS), key=lambda each: each[0])


def _closing(figures: TopicFigures, period: Period) -> tuple[Block, ...]:
    most, name = _largest(figures, period)
    if not most:
        return ()
    of = FigureOf(name, Period.ROLLING_12)
    whole, out = figures.count(of), figures.count(of.within(AREA.id, AREAS[1]))
    outside = f", {out:,} of them out of area" if out else ""
    if period.months_to(figures.month) == Period.ROLLING_12.months_to(figures.month):
        said = f"The largest loss: {LARGEST[name]}, after {most:,} returns{outside}."
    else:
        year = f" In 12 months it was {whole:,}{outside}." if whole else ""
        said = f"The largest loss: {LARGEST[name]}, after {most:,} returns.{year}"
    return (Terms((("To note", (Words(said),)), ("Question to put", (Words(QUESTIONS[name], strong=True),)))),)
