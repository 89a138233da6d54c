"""Missing episodes: how many start, of how many children, how many are still missing, and a bridge between month ends
(definitions 3.2, 3.9, 3.13 and 3.15)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from perfpipe.datasets.return_home_interviews import RETURN_HOME_INTERVIEWS
from perfpipe.dates.months import local_day
from perfpipe.frames.libraries import pd
from perfpipe.measures.counts import Mask, count
from perfpipe.measures.definition import FLOWS, Basis, Display, Measure, Period, Polarity, Table
from perfpipe.measures.interview_view import episodes, of_other_authorities, with_away
from perfpipe.measures.local_choices import AS_USUAL, Counting
from perfpipe.measures.return_home_interviews import AREA, GUIDANCE, LOCAL, LOOKED_AFTER, LOW, NEITHER, OWNER

if TYPE_CHECKING:
    from pandas import DataFrame, Series

_TIMES = {2: "twice", 3: "three times", 4: "four times", 5: "five times", 6: "six times"}
_NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


def missing_often(least: int) -> Mask:
    """Episodes of children with so many or more of them in the reporting month's 90 days."""

    def often(rows: DataFrame) -> Series:
        """Episodes of children with that many of them in the reporting month's 90 days."""
        times: Series = rows.groupby(["month", "child_id"])["episode_id"].transform("size")
        return times >= least

    return often


def stock(rows: DataFrame, counting: Counting = AS_USUAL) -> DataFrame:
    """Episodes that touch a month, with what they do to the number of children missing.

    Adds `was_open` at the end of the month before, `is_open` at the end of the month (days are local), and
    `known_late`: 1 for an episode open at the end of the month before by this extract, -1 for one by that month's own.
    """
    ours = episodes(rows, counting)
    eve = ours["month_end"].dt.to_period("M").dt.start_time - pd.Timedelta(days=1)
    started, ended = local_day(ours["missing_from"]), local_day(ours["returned"])
    was_open = (started <= eve) & (ended.isna() | (ended > eve))
    now = ours["as_known"] == "now"
    return ours.assign(
        now=now,
        was_open=was_open,
        is_open=now & (ended.isna() | (ended > ours["month_end"])),
        known_late=now.map({True: 1.0, False: -1.0}).astype("float64"),
    )


STARTED = Basis(RETURN_HOME_INTERVIEWS, rows=episodes, month_of="missing_from")
_started = partial(Measure, basis=STARTED, shown=Display(Polarity.NEITHER), owner=OWNER, source=LOCAL)

MISSING_EPISODES = _started(
    id="missing_episodes",
    code="RHI-01",
    title="Missing episodes starting in the month",
    periods=FLOWS,
    counts=count(lambda rows: rows["missing_from"].notna()),
    shown=NEITHER,
    left_out_by=(),
    why_it_matters="How often children are at risk because no one knows where they are.",
    definition="Episodes of category M that started in the month; children of other authorities and 'away' "
    "episodes are left out.",
)
MISSING_CHILDREN = _started(
    id="missing_children",
    code="RHI-01c",
    title="Children who went missing in the month",
    periods=FLOWS,
    counts=count(lambda rows: rows["missing_from"].notna(), distinct="child_id"),
    shown=NEITHER,
    left_out_by=(),
    why_it_matters="A few children can account for most episodes: the number of children says how many.",
    definition="Different children with a missing episode that started in the month. Children do not add up "
    "over groups or months.",
)


def counted_by(counting: Counting) -> tuple[Measure, ...]:
    """The measures that a number of the authority's decides: RHI-02."""
    least = counting.missing_often_episodes
    return (
        _started(
            id="missing_often",
            code="RHI-02",
            title=f"Children missing {_TIMES[least]} or more in 90 days",
            periods=(Period.LAST_90_DAYS,),
            counts=count(missing_often(least), distinct="child_id"),
            shown=LOW,
            left_out_by=(),
            why_it_matters="Repeated episodes are the clearest sign that something is wrong, and call for a discussion "
            "of the child.",
            definition=f"Different children with {_NUMBERS[least]} or more missing episodes that started in the 90 "
            "days to the end of the month. In a breakdown, a child is counted in each group that one of these episodes "
            "belongs to: groups do not add up.",
        ),
    )


AWAY_EPISODES = _started(
    id="away_episodes",
    code="RHI-01a",
    title="'Away' episodes starting in the month",
    basis=replace(STARTED, rows=with_away),
    periods=FLOWS,
    counts=count(lambda rows: rows["category"] == "A"),
    shown=NEITHER,
    left_out_by=(),
    why_it_matters="Beside RHI-01: where fewer are recorded as away, more may be recorded as missing.",
    definition="Episodes of category A (away from placement without authorisation: whereabouts known) that started in "
    "the month; children of other authorities are left out. In no other measure but RHI-06a.",
)
HOSTED_MISSING_EPISODES = _started(
    id="hosted_missing_episodes",
    code="RHI-01h",
    title="Missing episodes of other authorities' children",
    basis=replace(STARTED, rows=of_other_authorities),
    periods=FLOWS,
    counts=count(lambda rows: rows["missing_from"].notna()),
    left_out_by=(),
    why_it_matters="They live here and are at risk here; the authority responsible for them owes the interview.",
    definition="Episodes of category M that started in the month, of children for whom another authority is "
    "responsible. In no other measure.",
)
MISSING_AT_MONTH_END = Measure(
    id="missing_at_month_end",
    code="RHI-11a",
    title="Still missing at the end of the month",
    basis=Basis(RETURN_HOME_INTERVIEWS, rows=episodes),
    periods=(Period.MONTH_END,),
    counts=count(lambda rows: rows["missing_from"].notna()),
    shown=LOW,
    left_out_by=(),
    owner=OWNER,
    why_it_matters="Each is a child whose whereabouts were not known that night.",
    definition="Missing episodes that started by the last day of the month and had no return, and no time found, on "
    "or before it. They are in no interview measure until the child returns.",
    source=GUIDANCE,
)

MISSING_BRIDGE = Table(
    id="missing_bridge",
    title="From those missing at the end of one month to those at the end of the next",
    note="An episode that starts and ends within the month is among those started and among those returned. Late and "
    "corrected records are those by which the extract of this month sees the end of the month before otherwise than "
    "that month's own extract did.",
    adds_up=(
        (
            "bridge_still_missing",
            ("bridge_missing_before", "bridge_started", "-bridge_returned", "bridge_late_and_corrected"),
        ),
    ),
)
BRIDGED = Basis(RETURN_HOME_INTERVIEWS, rows=stock, bridge=True)
_of_bridge = partial(
    Measure,
    basis=BRIDGED,
    periods=(Period.MONTH,),
    shown=Display(Polarity.NEITHER, (LOOKED_AFTER, AREA), table=MISSING_BRIDGE),
    left_out_by=(),
    owner=OWNER,
    why_it_matters="A step from the number missing at the end of one month to the number at the end of the next.",
    source="Local definition (docs/definitions.md 1.8)",
)
BRIDGE = (
    _of_bridge(
        id="bridge_missing_before",
        code="RHI-B1",
        title="Missing at the end of the month before",
        counts=count(lambda rows: ~rows["now"]),
        definition="Missing episodes open at the end of the month before, from that month's own extract.",
    ),
    _of_bridge(
        id="bridge_started",
        code="RHI-B2",
        title="Went missing",
        counts=count(lambda rows: rows["now"] & ~rows["was_open"]),
        definition="Missing episodes that started in the month. One whose return is recorded on a day before its "
        "start, in another month, is left out.",
    ),
    _of_bridge(
        id="bridge_returned",
        code="RHI-B3",
        title="Returned or found",
        counts=count(lambda rows: rows["now"] & ~rows["is_open"]),
        definition="Missing episodes that ended in the month: by the return, or by the time found where there is none.",
    ),
    _of_bridge(
        id="bridge_late_and_corrected",
        code="RHI-B4",
        title="Late and corrected records",
        counts=count(lambda rows: rows["was_open"], weight="known_late"),
        definition="Missing episodes open at the end of the month before in this month's extract, less those in that "
        "month's own: recorded late, corrected, or removed since.",
    ),
    _of_bridge(
        id="bridge_still_missing",
        code="RHI-B5",
        title="Still missing at the end of the month",
        counts=count(lambda rows: rows["is_open"]),
        shown=Display(
            Polarity.NEITHER, (LOOKED_AFTER, AREA), table=MISSING_BRIDGE, same_total_as="missing_at_month_end"
        ),
        definition="As RHI-11a.",
    ),
)

MEASURES = (
    MISSING_EPISODES,
    MISSING_CHILDREN,
    *counted_by(AS_USUAL),
    AWAY_EPISODES,
    HOSTED_MISSING_EPISODES,
    MISSING_AT_MONTH_END,
    *BRIDGE,
)
