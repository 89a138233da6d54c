"""Made-up drawings of every kind, with the size at which each is printed: name, drawing, width and height in mm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from perfpipe.dates.months import Month, month_range
from perfpipe.packs.models.chart import Axis, Bar, Chart, Figure, Gap, Lines, Mark, Point
from perfpipe.packs.models.drawings import (
    BarPairs,
    Bridge,
    BridgeStep,
    ControlLine,
    DotRow,
    Dots,
    Drawing,
    DumbbellRow,
    Dumbbells,
    Funnel,
    FunnelStep,
    PanelLine,
    Panels,
    Stack,
    StackedPart,
    Survival,
    SurvivalStep,
    Tone,
)
from perfpipe.packs.models.plan import BarKind, Part, ProgressChart, Standing, StatusRow

SHARES = (
    34,
    26,
    30,
    40,
    25,
    35,
    35,
    34,
    37,
    35,
    35,
    31,
    28,
    33,
    35,
    39,
    43,
    28,
    32,
    31,
    28,
    55,
    48,
    45,
    55,
    45,
    53,
    50,
    52,
    69,
    42,
    42,
    49,
    56,
    46,
    47,
)
MONTHS = [str(month) for month in month_range(Month(2015, 4), Month(2018, 3))]
PERCENT = Axis(0, 80, (0, 20, 40, 60, 80), "", percent=True)
YEARS = ((0, "Apr 2015"), (12, "Apr 2016"), (24, "Apr 2017"))
ABSENT = Figure.absent("[x]", "no extract", ("m", "2015-04", "month", "all", "all"), percent=True)


def figure(value: float | None, *, provisional: bool = False, low_base: bool = False) -> Figure:
    if value is None:
        return ABSENT
    interval = (max(value - 15, 0), min(value + 15, 100)) if low_base else None
    return replace(
        ABSENT,
        value=value / 100,
        plotted=float(value),
        marker="",
        reason="",
        shown=f"{value:.0f}%",
        full=f"{value:.0f}% (31 of 66)",
        plotted_interval=interval,
        provisional=provisional,
        low_base=low_base,
    )


def point(place: int, value: float | None, target: tuple[float, float] | None = None, **more: object) -> Point:
    usual = Point(
        month=MONTHS[place],
        label=MONTHS[place],
        figure=figure(value),
        target="at least 60%",
        target_value=0.6,
        target_decimals=0,
        target_band=target,
        status="missed",
        in_words="",
        variation="",
        mark=None,
        lines=None,
        median=None,
        rebased="",
    )
    return replace(usual, **more)  # type: ignore[arg-type]


def target_of(place: int) -> tuple[float, float] | None:
    return None if place < 24 else (50, 50) if place < 30 else (60, 60)


OLD, NEW = Lines(33, 20, 46, is_trial=False), Lines(50, 29, 71.5, is_trial=False)
SERIES = tuple(
    point(
        place,
        value,
        target_of(place),
        lines=OLD if place < 21 else NEW,
        rebased="a new team" if place == 21 else "",
        mark=Mark.IMPROVEMENT if place == 29 else None,
    )
    for place, value in enumerate(SHARES)
)
CONTROL = ControlLine(
    PERCENT,
    SERIES,
    YEARS,
    (),
    "March 47%",
    "target 60%",
    "average 50%",
    "expected range",
    "higher since January 2017",
    21,
    Tone.BETTER,
)
HARD_LINE = ControlLine(
    Axis(0, 100, (0, 25, 50, 75, 100), "", percent=True),
    tuple(
        point(
            place,
            None if 6 <= place < 12 else value,
            (95, 95) if place > 20 else None,
            median=96.0,
            mark=Mark.CONCERN if place == 33 else None,
            figure=figure(None if 6 <= place < 12 else value, provisional=place > 33, low_base=place == 20),
        )
        for place, value in enumerate(
            (100,) * 18 + (97, 100, 80, 100, 100, 96, 98, 99, 100, 94, 96, 97, 98, 95, 96, 0, 94, 94)
        )
    ),
    YEARS,
    (Gap(6, 11, "no extract"),),
    "March 94% provisional",
    "target 95%",
    "median 96%",
    "",
    "lower since January 2018",
    33,
    Tone.WORSE,
)
FIRST_MONTH = ControlLine(
    PERCENT,
    (point(35, 41.0, (60, 60)),),
    ((0, "Mar 2018"),),
    (),
    "March 41%",
    "target 60%",
    "",
    "",
    "",
    None,
    Tone.PLAIN,
)
COUNTS = (
    578,
    580,
    584,
    590,
    588,
    595,
    600,
    604,
    601,
    610,
    612,
    615,
    617,
    612,
    620,
    626,
    631,
    630,
    636,
    640,
    644,
    650,
    651,
    653,
)
STOCK = ControlLine(
    Axis(500, 700, (500, 550, 600, 650, 700), "", percent=False),
    tuple(
        point(
            12 + place,
            value,
            (580, 630) if place > 11 else None,
            figure=replace(figure(value), percent=False, shown=f"{value}"),
        )
        for place, value in enumerate(COUNTS)
    ),
    ((0, "Apr 2016"), (12, "Apr 2017")),
    (),
    "March 653",
    "planned 580 to 630",
    "",
    "",
    "",
    None,
    Tone.PLAIN,
)
FUNNEL = Funnel(
    (
        FunnelStep("Returned", 73, "73", "", Tone.THIRD),
        FunnelStep("Interview needed", 66, "66", "100%"),
        FunnelStep("Offered", 49, "49", "74%"),
        FunnelStep("Accepted", 38, "38", "58%"),
        FunnelStep("Interviewed", 32, "32", "48%"),
        FunnelStep("Within 72 hours", 31, "31", "47%", Tone.FOCUS),
    ),
    "returns",
    "%",
)
NOBODY = Funnel(
    (
        FunnelStep("Returned", 12317, "12,317", "", Tone.THIRD),
        FunnelStep("Needed an interview within 72 hours by law", 0, "0", "[z]", Tone.FOCUS),
    ),
    "returns of the year",
    "% of those who need one",
)


def bridge() -> Bridge:
    left = (
        (("Returned home",), 63),
        (("Independent", "living"), 64),
        (("Special", "guardianship"), 35),
        (("Adopted",), 29),
        (("Other", "reasons"), 31),
    )
    steps, level = (
        [
            BridgeStep(("31 March", "2017"), 0, 617, "617", Tone.FOCUS),
            BridgeStep(("Started",), 617, 873, "+256", Tone.SECOND),
        ],
        873,
    )
    for label, count in left:
        steps.append(BridgeStep(label, level, level - count, f"−{count}", Tone.THIRD))
        level -= count
    steps.append(BridgeStep(("Late and", "corrected"), level, level + 2, "+2", Tone.PLAIN))
    return Bridge((*steps, BridgeStep(("31 March", "2018"), 0, 653, "653", Tone.FOCUS)), (2, 6, "Left care: 222"))


def panel(
    title: str, values: Sequence[float | None], first: str, latest: str, target: float | None = None, **more: object
) -> PanelLine:
    targets = tuple(target if target and place >= 24 else None for place in range(len(values)))
    said = f"target {target:g}%" if target else ""
    return replace(PanelLine(title, tuple(values), targets, first, latest, said), **more)  # type: ignore[arg-type]


def growing(start: float, end: float) -> list[float]:
    return [start + (end - start) * place / 35 + (place * 7 % 5 - 2) * start / 60 for place in range(35)] + [end]


GROUPS = Panels(
    Axis(0, 262, (0, 100, 200), "", percent=False),
    tuple(
        panel(title, growing(first, last), f"{first}", f"{last}", filled=True)
        for title, first, last in (
            ("Agency carers", 215, 226),
            ("Own carers", 155, 180),
            ("Children’s homes", 70, 93),
            ("Connected carers", 59, 74),
            ("Supported living", 19, 24),
            ("All other", 60, 0),
        )
    ),
    ((0, "2015"), (35, "2018")),
)
STABILITY = Panels(
    Axis(0, 26, (0, 10, 20), "", percent=True),
    (
        panel("Three or more placements", [*[None] * 9, *growing(13, 12.3)[9:]], "", "12.3%", 12),
        panel("Far from home, over 20 miles and outside", growing(19, 19.4), "", "19%", 17),
        panel("In children’s homes", [None] * 36, "", "no data", 12),
    ),
    ((0, "Apr 2015"), (12, "2016"), (24, "2017")),
)
AREAS = Panels(
    Axis(0, 80, (0, 25, 50, 75), "", percent=True),
    (
        panel("Living in the area", [34, 36, 41, 39, 37, 43, 32, 61, 64, 65, 53, 59], "", "59%"),
        panel("Living out of the area", [17, 26, 14, 19, 19, 25, 24, 24, 26, 34, 21, 18], "", "18%"),
    ),
    ((0, "2015"), (11, "2018")),
)
AREAS = replace(
    AREAS,
    panels=tuple(replace(each, targets=(*[None] * 8, 50, 50, 60, 60), target="target 60%") for each in AREAS.panels),
)
DUMBBELLS = Dumbbells(
    Axis(0, 100, (0, 25, 50, 75, 100), "", percent=True),
    (
        DumbbellRow("Interviews completed within 72 hours", 45, 47, "45%", "47%", Tone.PLAIN),
        DumbbellRow("Assessments completed within 45 working days of referral", 86, 67, "86%", "67%", Tone.WORSE),
        DumbbellRow("Contacts decided within a day", 73, 87, "73%", "87%", Tone.BETTER),
        DumbbellRow("Reviews on time", 100, 100, "100%", "100%", Tone.PLAIN),
        DumbbellRow("First visits within 7 days", None, 0, "[x]", "0%", Tone.PLAIN),
        DumbbellRow("Private fostering", None, None, "[x]", "[x] no extract", Tone.PLAIN),
    ),
    "April 2017",
    "March 2018",
)
DOTS = Dots(
    Axis(0, 30, (0, 10, 20, 30), "", percent=True),
    (
        DotRow("Exampleshire (March 2018)", 12.3, "12%", 9.5, 15.1, Tone.FOCUS),
        DotRow("England (March 2017)", 10, "10%"),
        DotRow("South East", 11, "11%"),
        DotRow("A neighbour with a rather long name indeed (March 2017)", 0, "0%"),
        DotRow("Another", None, "[c] suppressed"),
    ),
    10,
    "England 10%",
)
SURVIVAL = Survival(
    Axis(0, 100, (0, 25, 50, 75, 100), "", percent=True),
    tuple(
        SurvivalStep(month, 100 - month * 1.6, 100 - month * 2.1, min(100, 100 - month * 1.1), 180 - month * 5)
        for month in range(0, 25, 2)
    ),
    "months after the first day",
    "still followed",
    ((6, "90% after 6 months"), (12, "81% after a year"), (24, "62%")),
)
STACK = Stack(
    Axis(0, 700, (0, 200, 400, 600), "", percent=False),
    (
        StackedPart("Agency carers 226", tuple(growing(215, 226)), Tone.FOCUS),
        StackedPart("Own carers 180", tuple(growing(155, 180)), Tone.SECOND),
        StackedPart("Children’s homes 93", tuple(growing(70, 93)), Tone.THIRD),
        StackedPart("Connected carers 74", tuple(growing(59, 74)), Tone.SECOND),
        StackedPart("Supported living 4", tuple(growing(3, 4)), Tone.PLAIN),
        StackedPart("All other 56", tuple(growing(60, 56)), Tone.THIRD),
    ),
    YEARS,
    "653 in all",
)
BARS = tuple(
    Bar(f"{month} 2018", now, f"{now}", before, f"{before}")
    for month, now, before in (("January", 12, 4), ("February", 30, 12), ("March", 0, 41))
)
PAIRS = BarPairs(
    Axis(0, 45, (0, 20, 40), "", percent=False), (*BARS, Bar("April 2018", None, "[x]", 5, "5")), "opened", "cleared"
)


def chart(kind: str = "line", points: tuple[Point, ...] = SERIES) -> Chart:
    return Chart(
        "rhi_within_72h_month",
        kind,
        "Title",
        "Subtitle",
        "Caption",
        "Alt",
        PERCENT,
        points,
        YEARS,
        (),
        "Target: at least 60%",
        ((50.0, "Mean 50%"), (29.0, "Lower limit 29%"), (71.5, "Upper limit 72%")),
        tuple(replace(bar, label=f"Group {bar.label} with a long name of two lines") for bar in BARS),
        "Mar 2018",
        "Mar 2017",
    )


DONE, LATE = BarKind("done", Standing.GOOD), BarKind("overdue", Standing.OFF_TRACK)
RISK, TRACK = BarKind("at risk", Standing.AT_RISK), BarKind("on track", Standing.ON_TRACK)
PLAN = ProgressChart(
    "plan",
    "Title",
    "Subtitle",
    "Caption",
    "Alt",
    (DONE, TRACK, RISK, LATE),
    (DONE, RISK, LATE),
    tuple(
        StatusRow(
            f"Recommendation {n}",
            "Return home interviews are offered and completed on time to every child",
            (Part(DONE, n), Part(RISK, 1)),
            f"{n} of {n + 1} done, 1 at risk",
            "1 overdue" if n % 2 else "",
            (Part(DONE, 1), Part(LATE, 9 - n)),
            f"1 of {10 - n} met, {9 - n} missed",
        )
        for n in range(1, 9)
    ),
)
DRAWINGS: dict[str, tuple[Drawing, float, float]] = {
    "control": (CONTROL, 184, 70),
    "hard-line": (HARD_LINE, 184, 62),
    "first-month": (FIRST_MONTH, 184, 40),
    "stock": (STOCK, 184, 60),
    "bridge": (bridge(), 184, 68),
    "groups": (GROUPS, 184, 48),
    "stability": (STABILITY, 184, 45),
    "dumbbells": (DUMBBELLS, 184, 60),
    "stack": (STACK, 184, 70),
    "survival": (SURVIVAL, 184, 70),
    "measure": (chart(), 184, 70),
    "measure-columns": (chart("columns", tuple(replace(each, lines=None) for each in SERIES)), 184, 70),
    "measure-groups": (chart("groups"), 184, 55),
    "plan": (PLAN, 184, 120),
    "funnel": (FUNNEL, 90, 56),
    "area": (AREAS, 88, 56),
    "dots": (DOTS, 90, 56),
    "pairs": (PAIRS, 88, 56),
    "nobody": (NOBODY, 90, 30),
}
