"""A pack whose sheets disagree about one number is not published, and a table that does not add up neither."""

from __future__ import annotations

import pandas as pd

from perfpipe.compute.consistency import disagreements
from perfpipe.measures.definition import Measure, Table
from perfpipe.measures.placements import CHILDREN_LOOKED_AFTER, IN_FOSTER_CARE, PLACEMENT_GROUP
from perfpipe.rules.rule import Severity
from tests.measure_builders import changed

SHARE = changed(IN_FOSTER_CARE, same_total_as="children_looked_after")
BRIDGE = Table("bridge", "Bridge", "", (("closing", ("opening", "started", "-ended")),))


def step(name: str, code: str) -> Measure:
    return changed(CHILDREN_LOOKED_AFTER, id=name, code=code, table=BRIDGE, breakdowns=(PLACEMENT_GROUP,))


STEPS = tuple(step(name, f"B{n}") for n, name in enumerate(("opening", "started", "ended", "closing"), 1))


def figure(measure: Measure, month: str, top: float, bottom: float | None = None, **other: str) -> dict[str, object]:
    value = top / bottom if bottom else top
    return {
        "measure_id": measure.id, "month": month, "period": "month_end", "breakdown": "all", "group": "all",
        "numerator": top, "denominator": bottom, "value": value, "state": "ok", "left_out": 0,
    } | other  # fmt: skip


def test_the_children_of_a_share_are_those_that_another_measure_counts() -> None:
    whole = [figure(CHILDREN_LOOKED_AFTER, f"2017-0{n}", 600 + n) for n in range(1, 7)]
    same = [figure(SHARE, f"2017-0{n}", 450, 600 + n) for n in range(1, 7)]
    measures = (CHILDREN_LOOKED_AFTER, SHARE)
    assert disagreements(pd.DataFrame(whole + same), measures) == []
    for wrong, earlier in ((6, " and 3 earlier months"), (4, " and 1 earlier month"), (3, "")):
        some = [row | {"denominator": 600} for row in same[-wrong:]]
        (fault,) = disagreements(pd.DataFrame(whole + same[:-wrong] + some), measures)
        assert (fault.rule, fault.severity) == ("totals_differ", Severity.STOP)
        assert fault.found == f"PL-02 counts otherwise than PL-01 in 2017-04, 2017-05, 2017-06{earlier}"


def test_who_is_left_out_of_a_share_is_still_of_the_whole() -> None:
    whole, share = figure(CHILDREN_LOOKED_AFTER, "2017-01", 600), figure(SHARE, "2017-01", 450, 598)
    measures = (CHILDREN_LOOKED_AFTER, SHARE)
    assert disagreements(pd.DataFrame([whole, share | {"left_out": 2}]), measures) == []
    assert disagreements(pd.DataFrame([whole, share | {"left_out": 1}]), measures) != []


def test_what_is_not_there_is_not_compared() -> None:
    whole = [figure(CHILDREN_LOOKED_AFTER, "2017-01", 600), figure(CHILDREN_LOOKED_AFTER, "2017-02", 601)]
    share = [figure(SHARE, "2017-02", 0, 0, state="not_available"), figure(SHARE, "2017-03", 450, 602)]
    assert disagreements(pd.DataFrame(whole + share), (CHILDREN_LOOKED_AFTER, SHARE)) == []


def test_a_table_adds_up_in_every_group_and_month() -> None:
    amounts = {"opening": 10.0, "started": 3.0, "ended": 2.0, "closing": 11.0}
    rows = [figure(each, "2017-01", amounts[each.id]) for each in STEPS]
    rows += [figure(each, "2017-01", amounts[each.id], breakdown="placement_group", group="adoption") for each in STEPS]
    assert disagreements(pd.DataFrame(rows), STEPS) == []
    rows[-1] |= {"value": 12.0}
    (fault,) = disagreements(pd.DataFrame(rows), STEPS)
    assert (fault.rule, fault.found) == ("table_does_not_add_up", "Bridge: not so in 2017-01")
    assert fault.expected == "B4 = B1 + B2 - B3"
