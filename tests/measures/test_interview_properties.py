"""What holds of the interview measures whatever the extracts say: sums, shares, and what changes nothing."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import strategies as st

from perfpipe.compute.compute import compute
from perfpipe.dates.months import Month
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Measure
from perfpipe.measures.figure import KEY
from perfpipe.measures.interview_funnel import FUNNEL
from perfpipe.measures.missing_episodes import MISSING_BRIDGE
from tests.interview_worlds import INTERVIEW_MEASURES, Record, missing, world
from tests.soaks import holds_of

pytestmark = pytest.mark.slow

MONTHS = [Month(2018, 4), Month(2018, 5)]
HEADLINES = [replace(measure, periods=measure.periods[:1]) for measure in INTERVIEW_MEASURES]


@st.composite
def moment(draw: st.DrawFn, first: int = 80, last: int = 190) -> str:
    """A time, a midnight or a date in the days from late March to early July 2018."""
    day = pd.Timestamp("2018-01-01") + pd.Timedelta(days=draw(st.integers(first, last)))
    shape = draw(st.sampled_from(("%d/%m/%Y", "%d/%m/%Y 00:00", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M")))
    return (day + pd.Timedelta(minutes=draw(st.integers(120, 1439)))).strftime(shape)


@st.composite
def record(draw: st.DrawFn) -> dict[str, object]:
    """One episode, in any state that an extract can have it in."""
    maybe = st.one_of(st.just(""), moment())
    return missing(
        0,
        child_id=f"C{draw(st.integers(1, 6))}",
        category=draw(st.sampled_from("MMMA")),
        responsible_la=draw(st.sampled_from(("Exampleshire", "", "Otherton"))),
        looked_after_flag=draw(st.sampled_from(("Y", "N", ""))),
        placed_or_living_in_la=draw(st.sampled_from(("IN", "OUT", ""))),
        missing_from=draw(moment()),
        found_at=draw(maybe),
        returned_at=draw(maybe),
        rhi_required=draw(st.sampled_from(("Y", "N", ""))),
        not_required_reason=draw(st.sampled_from(("", "", "died", "aged_18", "other"))),
        offered=draw(st.sampled_from(("Y", "Y", "N", "NA", ""))),
        offered_at=draw(maybe),
        outcome=draw(st.sampled_from(("accepted", "declined_child", "declined_parent", "pending", "unable", ""))),
        interview_at=draw(maybe),
        independent=draw(st.sampled_from(("Y", "N", ""))),
    )


records = st.lists(record(), max_size=25).map(
    lambda rows: [{**row, "episode_id": f"E{n}"} for n, row in enumerate(rows)]
)


def made(april: Sequence[Record], may: Sequence[Record], measures: Sequence[Measure]) -> pd.DataFrame:
    """The figures of both months, each from its own extract, made a few days after the month's end."""
    with TemporaryDirectory() as folder:
        extracts = {"2018-04": april, "2018-05": may}
        return compute(world(extracts, MONTHS, Path(folder), days=5, reach=1), measures)


def by_key(found: pd.DataFrame) -> dict[tuple[str, ...], float]:
    return dict(zip(found[KEY].itertuples(index=False, name=None), found["value"], strict=True))


@pytest.mark.soak
@holds_of(records, records, few=6, many=200)
def test_figures_add_up_whatever_the_extracts_say(april: list[Record], may: list[Record]) -> None:
    found = made(april, may, HEADLINES)
    tables_add_up(found)
    groups_sum_to_the_whole_but_for_children(found)
    no_share_leaves_nought_to_one(found)
    steps_never_grow(found)


def tables_add_up(found: pd.DataFrame) -> None:
    values = by_key(found)
    checked = 0
    for total, parts in (*FUNNEL.adds_up, *MISSING_BRIDGE.adds_up):
        for _, *where in (key for key in values if key[0] == total):
            whole = values[total, *where]
            sums = sum(values[part.lstrip("-"), *where] * (-1 if part.startswith("-") else 1) for part in parts)
            assert whole == sums or pd.isna(whole), (total, where)
            checked += not pd.isna(whole)
    assert checked == 2 * 6 * 7 + 7  # every identity of every group; the bridge of May alone


def groups_sum_to_the_whole_but_for_children(found: pd.DataFrame) -> None:
    adding = [m.id for m in HEADLINES if not m.counts.distinct and not m.counts.statistic]
    sums = found[found["measure_id"].isin(adding) & (found["numerator"].notna())]
    by = sums.groupby(["measure_id", "month", "breakdown"])["numerator"].sum().unstack()
    for breakdown in ("looked_after", "area"):
        split = by[by[breakdown].notna()]
        assert (split[breakdown] == split["all"]).all()


def no_share_leaves_nought_to_one(found: pd.DataFrame) -> None:
    shares = found[(found["unit"] == Unit.PERCENT) & (found["state"] == "ok")]
    assert shares["value"].between(0, 1).all()
    assert (found.loc[found["unit"] == Unit.HOURS, "value"].dropna() >= 0).all()


def steps_never_grow(found: pd.DataFrame) -> None:
    month = found[(found["month"] == "2018-05") & (found["breakdown"] == "all")].set_index("measure_id")
    step, of = month["numerator"], month["denominator"]
    never_more(step["rhi_overdue"], step["funnel_not_completed"])
    never_more(step["funnel_children_within_72h"], step["funnel_children_completed"])
    never_more(step["funnel_children_completed"], step["funnel_children_due"])
    never_more(step["funnel_children_due"], step["funnel_children_returned"])
    never_more(step["funnel_children_returned"], step["funnel_returned"])
    the_same(step["rhi_within_72h"], step["funnel_within_72h"])
    never_more(of["rhi_within_72h"], step["funnel_due"] - step["funnel_mistimed"])  # less those dated after it
    the_same(step["rhi_offered"], step["funnel_offered"])
    the_same(step["rhi_accepted"], step["funnel_accepted"])
    never_more(step["rhi_offered_within_72h"], step["funnel_offered"])


def never_more(part: float, whole: float) -> None:
    """One that is not said, as too many records were left out, is not compared."""
    assert pd.isna(part) or pd.isna(whole) or part <= whole


def the_same(first: float, second: float) -> None:
    assert pd.isna(first) or pd.isna(second) or first == second


@pytest.mark.soak
@holds_of(records, st.integers(0, 1000), few=6, many=200)
def test_neither_order_nor_unrelated_episodes_change_a_figure(may: list[Record], seed: int) -> None:
    shuffled = list(may)
    random.Random(seed).shuffle(shuffled)
    hosted = missing(
        900,
        missing_from="03/05/2018 10:00",
        returned_at="04/05/2018 10:00",
        responsible_la="Otherton",
        offered="Y",
        offered_at="04/05/2018 11:00",
        outcome="accepted",
        independent="Y",
        interview_at="05/05/2018 10:00",
    )  # in both: without it, a column may be empty altogether
    unrelated = [
        missing(901, child_id="C1", missing_from="01/06/2016 10:00", returned_at="02/06/2016 10:00"),
        {**hosted, "episode_id": "E902", "child_id": "C1"},
    ]  # fmt: skip
    measures = [measure for measure in HEADLINES if measure.id != "hosted_missing_episodes"]
    first, second = made([], [hosted, *may], measures), made([], [*unrelated, *shuffled, hosted], measures)
    pd.testing.assert_frame_equal(first.sort_values(KEY, ignore_index=True), second.sort_values(KEY, ignore_index=True))
