"""What figures lose to faults: counted, said, and where it is too much withheld (definitions 2.6)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from perfpipe.check.check import check_workspace
from perfpipe.cli.explain_text import lines_of
from perfpipe.dates.months import Month
from perfpipe.ledger.ledger import Ledger
from perfpipe.measures.left_out_words import is_notable, left_out_note, shown_text
from perfpipe.measures.words import Status
from perfpipe.questions.explain_figure import explain
from perfpipe.settings.workspace import Workspace
from tests.builders import checked as check_file
from tests.workspaces import Row, assessed_of, deliver, episode, figures_of, new_workspace, one, placement, spell

MONTH = "2017-05"
BACK = {"missing_from": "05/05/2017 10:00", "returned_at": "06/05/2017 10:00"}
IN_TIME = "07/05/2017 10:00"
EARLY = {"missing_from": "01/05/2017 10:00", "returned_at": "02/05/2017 10:00"}  # 28 days before the extract
TOO_EARLY = {"missing_from": "02/05/2017 12:00", "returned_at": "02/05/2017 10:00"}
IMPOSSIBLE = "the return is before the episode or after the extract"


def interviews(*cells: str, **values: str) -> list[Row]:
    """A return for each cell of the column of interviews."""
    return [episode(n, interview_at=cell, **(BACK | values)) for n, cell in enumerate(cells)]


def of_month(workspace: Workspace, dataset: str, rows: Sequence[Row], months_back: int = 0) -> pd.DataFrame:
    deliver(workspace, MONTH, dataset, rows)
    return figures_of(workspace, MONTH, months_back)


def lost(figures: pd.DataFrame, code: str, group: str = "all") -> tuple[int, int, str, str]:
    figure = one(figures, code, MONTH, group)
    return figure["left_out"], figure["left_out_of"], figure["left_out_why"], figure["state"]


@pytest.mark.parametrize(
    ("left_out", "of", "said"),
    [(1, 10, False), (2, 100, False), (2, 99, True), (20, 2000, False), (21, 5000, True), (0, 0, False)],
)
def test_more_than_two_per_cent_and_two_or_more_than_twenty_are_said(left_out: int, of: int, said: bool) -> None:
    assert is_notable(left_out, of) is said
    assert left_out_note(left_out, of, "interview time unreadable") == (
        f"{left_out} of {of} records left out: interview time unreadable" if said else ""
    )


@pytest.mark.soak
@pytest.mark.slow
def test_where_many_cells_say_the_same_there_is_no_figure_and_the_filler_is_named(tmp_path: Path) -> None:
    figures = of_month(new_workspace(tmp_path), "return_home_interviews", interviews(*[IN_TIME] * 30, *["N/A"] * 10))
    figure = one(figures, "RHI-06", MONTH)
    assert (figure["state"], figure["left_out"], figure["left_out_of"]) == ("not_available", 10, 40)
    assert figure["state_reason"] == (
        "10 of 40 records left out: interview time unreadable (most of these cells say N/A)"
    )
    assert pd.isna(figure["value"])


def test_a_text_that_is_no_filler_is_not_shown() -> None:
    assert [shown_text(each) for each in ("n/a", "tbc", "#n/a", "john smith", "#smith", "12/13/2017")] == [
        "most of these cells say N/A",
        "most of these cells say TBC",
        "most of these cells say #N/A",
        *["most of these cells say the same"] * 3,
    ]


OTHERS = ["31/02/2017", "40/05/2017", "soon", "later", "??"]


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.parametrize(
    ("good", "bad", "shown"),
    [
        (45, ["N/A"] * 5, False),
        (46, ["N/A"] * 4, True),
        (95, ["N/A"] * 5 + OTHERS, True),
        (96, ["N/A"] * 6 + OTHERS[1:], False),
    ],
)
def test_the_same_text_in_five_cells_and_more_than_half_of_the_faulty_ones_withholds_the_figure(
    tmp_path: Path, good: int, bad: list[str], shown: bool
) -> None:  # always in a tenth of the records at most
    figures = of_month(new_workspace(tmp_path), "return_home_interviews", interviews(*[IN_TIME] * good, *bad))
    assert one(figures, "RHI-06", MONTH)["state"] == ("ok" if shown else "not_available")


@pytest.mark.slow
@pytest.mark.parametrize(("good", "bad", "shown"), [(27, 3, True), (26, 3, False), (2, 2, True), (96, 4, True)])
def test_above_a_tenth_and_three_there_is_no_figure(tmp_path: Path, good: int, bad: int, shown: bool) -> None:
    unlike = ["31/02/2017", "40/05/2017", "soon", "later"][:bad]
    workspace = new_workspace(tmp_path)
    deliver(workspace, MONTH, "return_home_interviews", interviews(*[IN_TIME] * good, *unlike))
    figures = figures_of(workspace, MONTH, 0, ["RHI-06"])
    state = "ok" if shown else "not_available"
    assert lost(figures, "RHI-06") == (bad, good + bad, "interview time unreadable", state)


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.parametrize(("good", "wrong", "state"), [(17, 3, "not_available"), (37, 3, "ok"), (18, 2, "ok")])
def test_returns_at_an_impossible_time_are_said_beside_every_figure_that_lost_them(
    good: int, wrong: int, state: str, tmp_path: Path
) -> None:
    """All were interviewed the day after; some are said to have returned before they went missing."""
    rows = interviews(*["03/05/2017 10:00"] * good, **EARLY)
    rows += [episode(90 + n, interview_at="03/05/2017 10:00", **TOO_EARLY) for n in range(wrong)]
    figures = of_month(new_workspace(tmp_path), "return_home_interviews", rows)
    for code in ("RHI-03", "RHI-04", "RHI-05", "RHI-06", "RHI-07", "RHI-09"):
        assert lost(figures, code) == (wrong, good + wrong, IMPOSSIBLE, state), code
    if state == "ok":
        assert one(figures, "RHI-06", MONTH)[["numerator", "denominator"]].tolist() == [good, good]
    assert lost(figures, "RHI-11b")[:2] == (0, 0)  # they were interviewed
    assert lost(figures, "RHI-F02") == (0, 0, "", "ok")  # has them
    assert one(figures, "RHI-F02", MONTH)["value"] == wrong
    assert one(figures, "RHI-F06", MONTH)["value"] == good


@pytest.mark.slow
def test_what_needs_no_interview_is_no_loss_and_what_had_none_is_one_of_the_overdue(tmp_path: Path) -> None:
    rows = interviews(*[IN_TIME] * 28)
    rows += [episode(90 + n, interview_at="", outcome="pending", **TOO_EARLY) for n in range(2)]
    rows.append(episode(95, rhi_required="N", not_required_reason="aged_18", **TOO_EARLY))
    rows.append(episode(96, **(TOO_EARLY | {"returned_at": "01/01/2030 10:00"})))
    figures = of_month(new_workspace(tmp_path), "return_home_interviews", rows)
    assert lost(figures, "RHI-06")[:2] == (3, 31)
    assert lost(figures, "RHI-11b")[:2] == (3, 3)  # none, or those three
    assert lost(figures, "RHI-07")[:2] == (0, 0)  # of interviews


@pytest.mark.slow
def test_a_return_at_an_impossible_time_counts_against_every_month_that_it_may_have_been_in(tmp_path: Path) -> None:
    """Until the interview, until the child went missing again, or until the extract; or the start is wrong."""
    numbered = [(month, 9 * month + n) for month in (3, 4, 5) for n in range(9)]
    usual = [episode(n, child_id=f"C{n}", missing_from=f"05/0{month}/2017 10:00", returned_at=f"06/0{month}/2017 10:00")
             for month, n in numbered]  # fmt: skip
    wrong = {"missing_from": "02/04/2017 10:00", "returned_at": "01/04/2017 10:00", "interview_at": "", "outcome": ""}
    rows = [
        *usual,
        episode(91, child_id="C91", **wrong),
        episode(92, child_id="C92", **(wrong | {"interview_at": "09/04/2017 10:00"})),
        episode(93, child_id="C93", **wrong),
        episode(94, child_id="C93", missing_from="03/04/2017 09:00", returned_at="", interview_at="", outcome=""),
        episode(
            95, child_id="C95", **(wrong | {"missing_from": "02/05/2017 10:00", "returned_at": "30/03/2017 10:00"})
        ),
        episode(96, child_id="C96", **(wrong | {"returned_at": "01/01/2030 10:00"})),
        episode(
            97, child_id="C97", **(wrong | {"missing_from": "30/04/2017 10:00", "returned_at": "31/03/2017 10:00"})
        ),
        episode(98, child_id="C98", **wrong),
        episode(99, child_id="C98", missing_from="01/05/2017 09:00", returned_at="", interview_at="", outcome=""),
    ]
    workspace = new_workspace(tmp_path)
    deliver(workspace, MONTH, "return_home_interviews", rows)
    figures = figures_of(workspace, MONTH, 2, ["RHI-03"])
    by_month = {month: one(figures, "RHI-03", month)["left_out"] for month in ("2017-03", "2017-04", "2017-05")}
    assert by_month == {"2017-03": 2, "2017-04": 6, "2017-05": 5}
    assert one(figures, "RHI-03", MONTH, period="year_to_date")["left_out"] == 7  # each once


@pytest.mark.slow
def test_interviews_after_the_extract_are_said_by_what_is_of_interviews(tmp_path: Path) -> None:
    figures = of_month(
        new_workspace(tmp_path),
        "return_home_interviews",
        interviews(*["03/05/2017 10:00"] * 38, *["03/05/2027 10:00"] * 2, **EARLY),
    )
    for code in ("RHI-05", "RHI-06", "RHI-07", "RHI-09"):
        assert lost(figures, code) == (2, 40, "the interview is after the extract", "ok"), code


@pytest.mark.slow
def test_a_record_counts_against_every_group_and_month_that_it_could_be_in(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    rows = interviews(*[IN_TIME] * 4)
    deliver(workspace, MONTH, "return_home_interviews", [*rows, episode(8, missing_from="5/2017", returned_at="")])
    figures = figures_of(workspace, MONTH, 0)
    assert lost(figures, "RHI-01") == (1, 5, "missing from unreadable", "ok")


@pytest.mark.soak
@pytest.mark.slow
def test_a_record_without_a_code_counts_against_the_figures_of_each(tmp_path: Path) -> None:
    rows = [*interviews(*[IN_TIME] * 4), episode(8, category="", **BACK)]  # missing or away?
    figures = of_month(new_workspace(tmp_path), "return_home_interviews", rows)
    assert lost(figures, "RHI-01")[:2] == (1, 5)
    assert lost(figures, "RHI-06a")[:2] == (1, 5)


@pytest.mark.slow
def test_those_whose_end_cannot_be_read_are_the_open_ones(tmp_path: Path) -> None:
    ended = [placement(f"E{n}", "01/02/2016", "01/03/2017") for n in range(40)]
    unknown = [placement(f"O{n}", "01/02/2017", end) for n, end in enumerate(["??", "31/06/2017", "open?", "x1"])]
    figures = of_month(new_workspace(tmp_path), "placements", [*ended, *unknown, placement("C", "01/05/2017")])
    assert lost(figures, "PL-01") == (4, 5, "ceased date unreadable", "not_available")


@pytest.mark.slow
def test_ends_of_9999_are_open_counted_and_told(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    ended = [placement(f"E{n}", "01/02/2016", "01/03/2017") for n in range(40)]
    still = [placement(f"O{n}", "01/02/2017", "31/12/9999", REC="") for n in range(19)]
    still.append(placement("O19", "01/05/2017", "31/12/9999", REC=""))
    figures = of_month(workspace, "placements", [*ended, *still])
    assert one(figures, "PL-01", MONTH)["value"] == 20
    assert lost(figures, "PL-01") == (0, 0, "", "ok")
    deliver(workspace, MONTH, "placements", [placement("X", "01/01/1900"), *still], "placements.csv")
    result = check_file(workspace.raw / MONTH / "placements.csv", "placements")
    told = ("date_out_of_bounds", "end_means_open")
    assert [(each.rule, each.row, each.found) for each in result.faults if each.rule in told] == [
        ("date_out_of_bounds", 2, "99/99/9999, text"), ("end_means_open", 0, "20 cells say 31/12/9999"),
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("day", ["31/12/2049", "01/01/2050"])
def test_further_days_that_mean_open_can_be_declared_for_every_layout(day: str, tmp_path: Path) -> None:
    rows = [placement("E", "01/02/2016", "01/03/2017"), placement("C", "01/05/2017")]
    rows += [placement(f"O{n}", "01/02/2017", day, REC="") for n in range(5)]
    workspace = new_workspace(tmp_path)
    text = workspace.settings_file.read_text(encoding="utf-8")
    workspace.settings_file.write_text(f"open_ends = [2049-12-31]\n{text}", encoding="utf-8")
    figures = of_month(workspace, "placements", rows)
    assert one(figures, "PL-01", MONTH)["value"] == 6
    told = [
        fault.found
        for fault in check_workspace(workspace, None, lambda _: None).faults
        if fault.rule == "end_means_open"
    ]
    assert told == (["5 cells say 31/12/2049"] if day == "31/12/2049" else [])
    if not told:  # a day like any other: the children are still there in May
        assert one(figures, "PL-01", MONTH)["left_out"] == 0


@pytest.mark.slow
def test_hours_in_the_column_of_fte_leave_the_figures_of_fte_or_stop(tmp_path: Path) -> None:
    rows = [spell(f"W{n}", "01/05/2015", fte="37" if n < 2 else "1") for n in range(30)]
    figures = of_month(new_workspace(tmp_path), "social_workers", rows)
    assert lost(figures, "SW-14") == (2, 30, "the FTE is blank or impossible", "ok")
    assert one(figures, "SW-14", MONTH)["value"] == 28
    assert one(figures, "SW-14b", MONTH)["value"] == 30


@pytest.mark.soak
@pytest.mark.slow
def test_an_accepted_fault_shows_the_figure_and_what_it_lost_and_decides_no_status(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    deliver(
        workspace,
        MONTH,
        "return_home_interviews",
        interviews(*[IN_TIME] * 16, *["12/05/2017 10:00"] * 14, *["N/A"] * 10),
    )
    assert lost(figures_of(workspace, MONTH, 0), "RHI-06")[3] == "not_available"
    ledger = Ledger.open(workspace.processed)
    extract = ledger.extracts_known(None)[0].id
    ledger.close()
    with open(workspace.settings_file, "a", encoding="utf-8") as file:
        file.write(f'\n[[accepted]]\nextract = "{extract[:12]}"\nrule = "time_unreadable"\nreason = "N/A is none"\n')
    figures = assessed_of(Workspace(workspace.root), MONTH, 0)
    assert lost(figures, "RHI-06") == (10, 40, "interview time unreadable", "ok")
    figure = one(figures, "RHI-06", MONTH)
    assert (figure["numerator"], figure["denominator"], figure["target"]) == (16, 30, "0.50")  # they stay out
    assert figure["status"] == Status.NOT_DECIDED  # from 16 of 40, which misses it, to 26 of 40, which meets it


@pytest.mark.soak
@pytest.mark.slow
def test_records_without_an_identifier_are_told_apart_by_their_rows(tmp_path: Path) -> None:
    rows = [*interviews(*[IN_TIME] * 27), *(episode(90, episode_id="", **BACK) for _ in range(3))]
    figures = of_month(new_workspace(tmp_path), "return_home_interviews", rows)
    assert lost(figures, "RHI-01") == (3, 30, "episode id missing", "ok")


@pytest.mark.soak
@pytest.mark.slow
def test_explain_lists_the_rows_left_out_with_their_places_and_reasons(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    rows = interviews(*[IN_TIME] * 30, "N/A", "soon")
    rows.append(episode(90, interview_at=IN_TIME, **(BACK | {"returned_at": "sometime"})))
    rows.append(episode(91, interview_at="05/05/2017 10:30", **BACK))  # before the return: not for RHI-06
    of_month(workspace, "return_home_interviews", rows)
    month, *_ = explain(workspace, "rhi_within_72h", Month.parse(MONTH))
    (evidence,) = month.evidence
    assert (len(evidence.numerator_rows), evidence.denominator_only_rows) == (30, ())
    assert evidence.left_out_rows == {
        "interview time unreadable": (32, 33),
        "returned time unreadable": (34,),
        "the interview is before the child was found": (35,),
    }
    told = "\n".join(lines_of(month))
    assert "2017-05/return_home_interviews.csv (extract" in told
    assert "    left out, interview time unreadable: 2 rows: 32, 33\n" in told
    assert "    left out, returned time unreadable: 1 row: 34\n" in told


@pytest.mark.soak
@pytest.mark.slow
def test_explain_lists_the_rows_of_a_figure_that_is_withheld(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    ended = [placement(f"E{n}", "01/02/2016", "01/03/2017") for n in range(10)]
    unknown = [placement(f"O{n}", "01/02/2017", "??") for n in range(5)]
    assert lost(of_month(workspace, "placements", [*ended, *unknown]), "PL-01")[3] == "not_available"
    (only,) = explain(workspace, "children_looked_after", Month.parse(MONTH))
    (evidence,) = only.evidence
    assert (evidence.rows, evidence.left_out_rows) == ((), {"ceased date unreadable": (12, 13, 14, 15, 16)})


@pytest.mark.slow
def test_the_bridge_loses_what_the_stock_loses(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    started = [placement(f"S{n}", "10/05/2017") for n in range(10)]
    stayed = [placement(f"O{n}", "03/04/2017") for n in range(90)]
    deliver(workspace, "2017-04", "placements", [*stayed, placement("X", "03/04/2017"), placement("Y", "03/04/2017")])
    unknown = [placement("X", "03/04/2017", "??"), placement("Y", "03/04/2017", "soon"), placement("Z", "?5/2017")]
    figures = of_month(workspace, "placements", [*stayed, *started, *unknown])
    assert lost(figures, "PL-01") == (3, 103, "ceased date unreadable", "ok")
    assert lost(figures, "PL-01s7") == (3, 103, "ceased date unreadable", "ok")
    assert lost(figures, "PL-01s1")[:2] == (0, 0)  # from the extract of the month before, which has them
    assert lost(figures, "PL-01s3") == (1, 11, "started date unreadable", "ok")
    assert lost(figures, "PL-01s6")[0] == 2  # those two may have left in the month
    assert one(figures, "PL-01s2", MONTH)["value"] == -2


@pytest.mark.slow
def test_a_withheld_stock_withholds_its_bridge(tmp_path: Path) -> None:
    stayed = [placement(f"O{n}", "03/04/2017") for n in range(10)]
    unknown = [placement(f"X{n}", "03/04/2017", "??") for n in range(4)]
    workspace = new_workspace(tmp_path)
    deliver(workspace, "2017-04", "placements", stayed)
    figures = of_month(workspace, "placements", [*stayed, *unknown], 1)
    for code in ("PL-01", "PL-01s7"):
        assert lost(figures, code)[0::3] == (4, "not_available")
    assert one(figures, "PL-01s1", MONTH)["value"] == 10


def audited(number: int, **cells: str) -> Row:
    graded = dict.fromkeys(("overall_grade", "risk_statement"), "Y") | {"overall_grade": "good"} | cells
    return {"audit_id": f"A{number}", "child_id": f"C{number}", "audited_on": "10/05/2017", **graded}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("N/A", "10 of 40 records left out: overall grade unreadable (most of these cells say N/A)"),
        ("", "10 of 40 records left out: the case as a whole has no grade"),
    ],
)
def test_rows_that_lack_what_a_share_is_of_are_left_out_and_said(cell: str, why: str, tmp_path: Path) -> None:
    rows = [audited(n, overall_grade=cell if n < 10 else "good") for n in range(40)]
    figures = of_month(new_workspace(tmp_path), "audits", rows)
    figure = one(figures, "R1-02", MONTH, period="month")
    assert (figure["state"], figure["state_reason"]) == ("not_available", why)
    moderated = one(figures, "R1-02m", MONTH, period="month")
    assert moderated["left_out"] == 0  # needs no grade


def assessed(number: int, **cells: str) -> Row:
    usual = {"referral_on": "01/03/2017", "started_on": "20/03/2017", "authorised_on": "10/05/2017",
             "child_seen": "Y", "outcome": "no_further_action"}  # fmt: skip
    return {"assessment_id": f"A{number}", "child_id": f"C{number}"} | usual | cells


@pytest.mark.slow
@pytest.mark.parametrize(
    ("column", "codes", "as_blank", "why"),
    [
        # due on 8 May after the referral, and on 26 May after the start, which a blank would count from
        ("referral_on", ("R5-01",), (2, 40), "referral date unreadable"),
        ("child_seen", ("R5-04",), (38, 40), "child seen unreadable"),
        ("outcome", ("R2-05",), (38, 40), "outcome unreadable"),
    ],
)
def test_what_cannot_be_read_is_no_blank_of_an_assessment(
    column: str, codes: tuple[str, ...], as_blank: tuple[int, int], why: str, tmp_path: Path
) -> None:
    """Of 40 two cannot be read, and are left out and said; where they are blank, they count as that says."""
    top = 0 if column == "referral_on" else 38
    for cell, counted, left in (("see notes", (top, 38), (2, 40, why)), ("", as_blank, (0, 0, ""))):
        rows = [assessed(n, **({column: cell} if n < 2 else {})) for n in range(40)]
        figures = of_month(new_workspace(tmp_path / (cell or "blank")), "assessments", rows)
        for code in codes:
            figure = one(figures, code, MONTH, period="month")
            assert tuple(figure[["numerator", "denominator"]]) == counted, (code, cell)
            assert tuple(figure[["left_out", "left_out_of", "left_out_why"]]) == left, (code, cell)
        others = {"R5-01", "R5-01s", "R5-04", "R2-05"} - set(codes)
        assert {one(figures, code, MONTH, period="month")["denominator"] for code in others} == {40}


@pytest.mark.slow
def test_a_moderated_grade_that_cannot_be_read_does_not_give_way_to_the_auditors(tmp_path: Path) -> None:
    """Two of 40 audits: not the auditor's good, in neither R1-02 nor, as the audit before, R1-03."""
    rows = [audited(n, moderated="Y", moderated_grade="??" if n < 2 else "good") for n in range(40)]
    again = [audited(40 + n, overall_grade="outstanding", moderated_grade="", previous_audit_id=f"A{n}")
             for n in range(40)]  # fmt: skip
    figures = of_month(new_workspace(tmp_path), "audits", [*({**row, "previous_audit_id": ""} for row in rows), *again])
    figure = one(figures, "R1-02", MONTH, period="month")
    assert figure[["numerator", "denominator", "left_out", "left_out_of"]].tolist() == [78, 78, 2, 80]
    assert figure["left_out_why"] == "moderated grade unreadable"
    assert one(figures, "R1-03", MONTH, period="month")[["numerator", "denominator"]].tolist() == [38, 38]
    assert one(figures, "R1-02m", MONTH, period="month")[["numerator", "denominator", "left_out"]].tolist() == [
        40,
        80,
        0,
    ]


@pytest.mark.slow
def test_whether_an_audit_was_moderated_that_cannot_be_read_is_no_no(tmp_path: Path) -> None:
    rows = [audited(n, moderated="perhaps" if n < 2 else "Y", moderated_grade="good") for n in range(40)]
    figures = of_month(new_workspace(tmp_path), "audits", rows)
    figure = one(figures, "R1-02m", MONTH, period="month")
    assert figure[["numerator", "denominator", "left_out", "left_out_of"]].tolist() == [38, 38, 2, 40]
    assert one(figures, "R1-02", MONTH, period="month")["denominator"] == 40


@pytest.mark.slow
def test_a_blank_that_breaks_no_rule_is_no_loss(tmp_path: Path) -> None:
    rows = [audited(n, risk_statement="" if n < 10 else "Y") for n in range(40)]
    figures = of_month(new_workspace(tmp_path / "one"), "audits", rows)
    assert one(figures, "R3-02", MONTH, period="month")[["numerator", "denominator", "left_out"]].tolist() == [
        30,
        30,
        0,
    ]
    rows[0] = audited(0, risk_statement="see notes")
    figures = of_month(new_workspace(tmp_path / "again"), "audits", rows)
    told = one(figures, "R3-02", MONTH, period="month")
    assert told[["numerator", "denominator", "left_out", "left_out_of"]].tolist() == [30, 30, 1, 31]
    assert told["left_out_why"] == "risk statement unreadable"


@pytest.mark.slow
@pytest.mark.parametrize("column", ["fte", "cases"])
def test_a_caseload_says_whom_it_could_not_count(column: str, tmp_path: Path) -> None:
    rows = [spell(f"W{n}", "01/05/2015", **({"cases": "40"} | ({column: "TBC"} if n < 2 else {}))) for n in range(40)]
    figures = of_month(new_workspace(tmp_path), "social_workers", rows)
    named = {"fte": "FTE unreadable", "cases": "cases count unreadable"}[column]
    assert lost(figures, "SW-12") == (2, 40, named, "ok")
    assert one(figures, "SW-12", MONTH)["denominator"] == 38
    if column == "fte":  # the two are over the ceiling, if they work full time
        assert lost(figures, "SW-12b") == (2, 40, named, "ok")


@pytest.mark.slow
def test_children_without_a_date_of_birth_are_left_out_of_what_needs_an_age(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    since = {"DECOM": "01/02/2014", "dob": "01/02/2010"}
    children = [placement(f"C{n}", "") | since | ({"dob": "??" if n else ""} if n < 2 else {}) for n in range(40)]
    with open(workspace.settings_file, "a", encoding="utf-8") as file:
        columns = {"child_id": "CHILD", "started_on": "DECOM", "ceased_on": "DEC", "legal_status_code": "LS",
                   "placement_code": "PLACE", "provider_code": "PLACE_PROVIDER", "dob": "dob"}  # fmt: skip
        ignored = [name for name in children[0] if name not in columns.values()]
        file.write(
            f'[[layouts.placements]]\nname = "own"\nfiles = "placements.csv"\ndate_order = "day_first"\n'
            f'covers = {{ span = "last_60_months", selects_by = "overlap" }}\nignore = {ignored}\n'
            "[layouts.placements.columns]\n" + "".join(f'{name} = "{header}"\n' for name, header in columns.items())
        )
    children.append(placement("NEW", "03/05/2017") | {"dob": "01/02/2010"})
    children.append(placement("C2", "01/02/2013", "01/03/2013") | {"dob": "02/02/2010"})  # by its other one
    figures = of_month(workspace, "placements", children)
    assert one(figures, "PL-08", MONTH)[["numerator", "denominator"]].tolist() == [37, 37]
    assert lost(figures, "PL-08")[::3] == (3, "ok")
    assert lost(figures, "PL-08")[1] == 40
    assert lost(figures, "PL-07") == (0, 0, "", "ok")
