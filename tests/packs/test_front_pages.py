"""The pages that are no topic: what leads, what is asked, what cannot be said, then and now, and how old data are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pandas as pd
import pytest

from perfpipe.dates.months import Month, month_range
from perfpipe.history.last_meeting import LastMeeting
from perfpipe.ledger.history_tables import CELLS
from perfpipe.measures import BY_ID
from perfpipe.measures.definition import Period
from perfpipe.measures.figure import KEY
from perfpipe.measures.words import Movement, MovementBy, State, Status
from perfpipe.packs.content.pages import levels, scorecard
from perfpipe.packs.content.pages.asks import asked
from perfpipe.packs.content.pages.clearance import clearance
from perfpipe.packs.content.pages.exceptions import exception
from perfpipe.packs.content.pages.need_to_know import by_chance, doubted, heading, need_to_know
from perfpipe.packs.content.pages.plan_page import plan_page
from perfpipe.packs.content.pages.signs import OUTLOOKS, status_word
from perfpipe.packs.content.pages.since_page import heading as since_heading
from perfpipe.packs.content.pages.since_page import since_page
from perfpipe.packs.content.pages.subject import Subject
from perfpipe.packs.content.pages.then_and_now import dumbbells, seen_then
from perfpipe.packs.content.pages.tiles import tiles
from perfpipe.packs.content.pages.trust_page import trust_page
from perfpipe.packs.content.pages.unsaid import ALL_SAID, cannot_say
from perfpipe.packs.content.pages.whom_to_ask import whom_to_ask
from perfpipe.packs.content.shown_figures import shown_cells
from perfpipe.packs.models.blocks import (
    Block,
    BoardPage,
    DataTable,
    ItemList,
    Paragraph,
    Picture,
    SideBySide,
    Sign,
    SignedWord,
    TableCell,
    TableRows,
    TallyOf,
    TallyPart,
    Terms,
    Text,
    Tiles,
)
from perfpipe.packs.models.data_quality import ClearanceLine
from perfpipe.packs.models.drawings import BarPairs, Dumbbells
from perfpipe.packs.models.sources import ExtractUse
from perfpipe.plan import Action, Plan
from perfpipe.plan.tables import Decision
from tests.pack_builders import assessed, content, plan
from tests.page_builders import MARCH, given, material, subject

MISSED = {"status": Status.MISSED, "target": "0.75", "value": 0.67, "numerator": 67.0}
SINCE = {"movement_since": "2017-06", "movement_is_sure": True, "movement_by": MovementBy.RUN}
WORSE = {"movement": Movement.WORSE} | SINCE
BETTER = {"movement": Movement.BETTER} | SINCE
AUDITED = (Period.MONTH, Period.ROLLING_12)
STILL = {"movement": Movement.NO_CLEAR_CHANGE, "movement_by": MovementBy.YEAR}


def said(text: Text) -> str:
    return "".join(word.text for word in text)


def words_of(block: Block) -> str:
    assert isinstance(block, Paragraph)
    return said(block.text)


def test_a_sentence_has_the_level_since_when_and_a_year_ago() -> None:
    rows = [
        given("assessments_within_45_days", month="2017-03", value=0.86, numerator=86.0),
        given(
            "assessments_within_45_days",
            **MISSED,
            **WORSE,
            status_since="2017-08",
            year_month="2017-03",
            year_movement=Movement.WORSE,
        ),
    ]
    told = next(one for one in material(rows).targeted if one.measure.id == "assessments_within_45_days")
    assert levels.sentences(told) == "Below the 75% target since August 2017. A year ago 86%."
    assert levels.in_one(told) == (
        "Assessments completed within 45 working days of referral: 67% (67 of 100), below the 75% target since "
        "August 2017; a year ago 86%."
    )


def test_a_target_that_was_another_before_is_said_as_it_is_now() -> None:
    rows = [
        given("assessments_within_45_days", **(MISSED | {"target": "0.5"}), month="2017-08"),
        given("assessments_within_45_days", **MISSED, status_since="2017-08"),
    ]
    told = next(one for one in material(rows).targeted if one.measure.id == "assessments_within_45_days")
    assert levels.against(told) == "below target (now 75%) since August 2017"


@pytest.mark.parametrize(
    ("lately", "of_the_year", "words"),
    [
        (Movement.BETTER, Movement.BETTER, "a year ago 86%"),
        (Movement.BETTER, Movement.NO_CLEAR_CHANGE, "a year ago 86%: no clear change"),
        (Movement.BETTER, Movement.WORSE, "a year ago 86%: worse"),
        (Movement.NO_CLEAR_CHANGE, Movement.LOWER, "a year ago 86%: lower, which could be chance"),
        (Movement.BETTER, Movement.NOT_TESTED, "a year ago 86%"),
    ],
)
def test_what_was_found_of_the_year_is_said_beside_what_was_found_lately(
    lately: Movement, of_the_year: Movement, words: str
) -> None:
    rows = [
        given("assessments_within_45_days", month="2017-03", value=0.86, numerator=86.0),
        given("assessments_within_45_days", **MISSED, movement=lately, year_movement=of_the_year),
    ]
    told = next(one for one in material(rows).targeted if one.measure.id == "assessments_within_45_days")
    assert levels.a_year_ago(told) == words


@pytest.mark.parametrize(
    ("measure", "fields", "words"),
    [
        ("retained_12_months", {"status": Status.NEAR, "target": "0.65"}, "Just below the 65% target."),
        ("retained_12_months", {"status": Status.MET, "target": "0.60"}, "At or above the 60% target."),
        ("in_childrens_homes", {"status": Status.MISSED, "target": "0.12"}, "Above the 12% target."),
        ("children_looked_after", {"status": Status.MISSED, "target": "580..630", "value": 653.0, "numerator": 653.0},
         "Above the planned 580 to 630."),
        ("retained_12_months", {"status": Status.MISSED, "target": "0.75", "provisional": True},
         "Provisional: below the 75% target."),
        ("retained_12_months", {"status": Status.MISSED, "target": "0.75", "numerator": 5.0, "denominator": 10.0,
                                "value": 0.5}, "Few cases: below the 75% target."),
        ("retained_12_months", {"state": State.NOT_AVAILABLE, "state_reason": "extract missing", "value": None},
         "No figure: extract missing."),
    ],
)  # fmt: skip
def test_a_sentence_says_a_side_of_the_target_and_never_without_its_doubt(
    measure: str, fields: dict[str, object], words: str
) -> None:
    assert levels.sentences(subject(measure, **fields)) == words


@pytest.mark.parametrize(
    ("met", "lost", "words", "status"),
    [
        # against at least 85% with 5 points of tolerance, of 100 and those left out:
        (83, 20, "Whether the target is met depends on records left out.", "met or missed"),  # 69% to 86%
        (78, 10, "Below the 85% target: records left out decide how far.", "near or missed"),  # to 80%
    ],
)
def test_what_records_left_out_decide_is_said_no_more_and_no_less(met: int, lost: int, words: str, status: str) -> None:
    fields = {"numerator": float(met), "value": met / 100, "left_out": lost, "left_out_of": 100 + lost,
              "left_out_why": "the start is blank"}  # fmt: skip
    told = subject("retained_12_months", status=Status.NOT_DECIDED, target="0.85", **fields)
    assert levels.sentences(told) == f"Incomplete: {words[0].lower()}{words[1:]}"
    assert status_word(told) == SignedWord("Not decided", Sign.NO_DATA, status)


def test_what_leads_is_worse_then_perhaps_worse_then_better_then_unchanged_and_never_in_doubt() -> None:
    rows = [
        given("rhi_offered", **MISSED, **STILL),
        given("in_foster_care", **MISSED, **BETTER),
        given("rhi_completed", **MISSED, **WORSE, provisional=True),
        given("retained_12_months", **MISSED, movement=Movement.LOWER, movement_by=MovementBy.YEAR),
        given("audits_good", **MISSED | {"numerator": 6.0, "denominator": 9.0}, **WORSE),
        given("assessments_within_45_days", **MISSED, **WORSE),
        given("with_own_carers", **MISSED, movement=Movement.HIGHER, movement_by=MovementBy.YEAR),
    ]
    led = tiles(material(rows).targeted, "March 2018").tiles
    assert [(tile.figure.key[0], tile.movement.word) for tile in led] == [
        ("assessments_within_45_days", "Worse"),
        ("retained_12_months", "Lower"),
        ("in_foster_care", "Better"),
        ("with_own_carers", "Higher"),
        ("rhi_offered", "No clear change"),
    ]
    assert (led[0].shown, led[0].counts, led[0].status.below) == ("67%", "67 of 100", "target 75%")


def test_bad_news_leaves_room_for_good() -> None:
    worse = ("rhi_offered", "rhi_within_72h", "in_foster_care", "with_own_carers", "retained_12_months")
    rows = [given(name, **MISSED, **WORSE) for name in worse]
    rows.append(given("assessments_within_45_days", **MISSED, **BETTER))
    led = tiles(material(rows).targeted, "March 2018").tiles
    assert [tile.movement.word for tile in led] == ["Worse", "Worse", "Worse", "Worse", "Better"]


def test_the_scorecard_counts_every_target_once_and_says_what_is_in_doubt() -> None:
    rows = [
        given("rhi_offered", **MISSED, **WORSE),
        given("rhi_completed", **MISSED, provisional=True),
        given("in_foster_care", status=Status.MET, target="0.60", **BETTER),
        given("retained_12_months", status=Status.NEAR, target="0.65", numerator=6.0, denominator=10.0, value=0.6),
        given("agency_rate", status=Status.NOT_DECIDED, target="0.13"),
    ]
    made = material(rows)
    chosen = tuple(one for one in made.targeted if one.figure.value is not None)
    assert scorecard.heading(chosen) == "1 of 5 targets met, 1 near, 2 missed, 1 not decided"
    with_blanks = scorecard.heading(made.targeted)
    assert with_blanks.endswith(f"2 missed, 1 not decided, {len(made.targeted) - 5} no data")
    assert doubted(chosen) == "One near and one missed are provisional or on few cases."
    page = scorecard.scorecard(made)
    groups = next(block for block in page.blocks if isinstance(block, DataTable)).groups
    assert [group.title for group in groups] == [
        "Return home interviews", "Children looked after", "Social workers", "Quality and timeliness of practice",
        "Adopters",
    ]  # fmt: skip


def small_plan() -> Plan:
    """Two overdue actions, one that is off track but not due, and an overdue decision."""

    def action(name: str, recommendation: str, due: str, status: str) -> Action:
        history = [{"on": "2018-01-24", "status": status}]
        entry = {"id": name, "recommendation": recommendation, "what": f"Do {name}", "owner": "director", "due": due}
        return Action.model_validate(entry | {"history": history})

    decision = {"id": "D9", "meeting": "2018-01-24", "what": "Report", "owner": "director", "due": "2018-03-15"}
    return plan().model_copy(
        update={
            "actions": (
                action("4.1", "4", "2018-05-31", "red"),
                action("5.1", "5", "2018-02-28", "amber"),
                action("S1.1", "scrutiny_interviews", "2018-03-30", "red"),
                action("6.1", "6", "2018-03-31", "green"),
            ),
            "decisions": (Decision.model_validate(decision),),
        }
    )


def test_the_board_is_asked_about_what_is_overdue_first_and_with_the_evidence() -> None:
    rows = [given("rhi_within_72h", **MISSED | {"target": "0.60", "value": 0.23, "numerator": 23.0})]
    recommendation = plan().targets["rhi_within_72h"].recommendation
    a_plan = small_plan()
    moved = a_plan.actions[2].model_copy(update={"recommendation": recommendation})
    a_plan = a_plan.model_copy(update={"actions": (*a_plan.actions[:2], moved, a_plan.actions[3])})
    box = asked(material(rows, a_plan), ())
    assert box.decisions == 3
    assert box.box.title == "What we ask of the Board at its meeting on 25 April 2018"
    assert [said(item).replace("\xa0", " ") for item in box.box.items] == [
        "Agree a new date for decision D9 (Director of Children's Services, due 15 Mar 2018): Report. Page 3",
        "Decide what replaces action S1.1 (Director of Children's Services, off track, due 30 Mar 2018): Do S1.1. "
        "Return home interviews completed within 72 hours: 23% (23 of 100), below the 60% target. Page 4",
        "Agree a new date for action 5.1 (Director of Children's Services, at risk, due 28 Feb 2018): Do 5.1. Page 3",
        "Note one more that is overdue or off track. Page 3",
    ]
    says = [(piece.text, [figure.shown for figure in piece.figures]) for item in box.box.items for piece in item]
    assert [each for each in says if each[1]] == [
        ("Return home interviews completed within 72 hours: 23% (23 of 100), below the 60% target.", ["23%"])
    ]


def test_where_nothing_is_late_nothing_is_asked() -> None:
    box = asked(material([], plan().model_copy(update={"actions": (), "decisions": ()})), ())
    assert (box.decisions, len(box.box.items)) == (0, 1)
    assert said(box.box.items[0]).startswith("Nothing")


def test_a_missing_extract_is_one_line_whatever_it_takes_with_it() -> None:
    lost = {"state": State.NOT_AVAILABLE, "state_reason": "extract missing", "value": None, "target": "0.75"}
    names = ("in_foster_care", "with_own_carers", "in_childrens_homes", "three_or_more_placements")
    rows = [given(name, **lost) for name in names]
    rows.append(given("retained_12_months", **MISSED, provisional=True))
    rows.append(given("rhi_offered", **MISSED))
    chosen = [one for one in material(rows).targeted if one.measure.id in (*names, "retained_12_months", "rhi_offered")]
    placements = ExtractUse("placements", None, None, (), None, last_month=Month(2018, 1))
    missing, doubts = cannot_say(chosen, (placements, ExtractUse("adopters", None, None, (), None)))
    assert isinstance(missing, ItemList)
    assert [said(line) for line in missing.items] == [
        "Placements of children looked after: no extract after January 2018, so no figure for four targets.",
        "Prospective adopters: no extract yet, but no target rests on it.",
    ]
    assert words_of(doubts) == "Provisional: new social workers still here after 12 months."
    assert [words_of(block) for block in cannot_say((), ())] == [ALL_SAID]
    came = ExtractUse("adopters", datetime(2018, 4, 1, tzinfo=UTC), None, (), None)
    assert words_of(cannot_say(chosen, (came, came))[0]).startswith("All two extracts arrived. ")


@pytest.mark.parametrize(
    ("tested", "words"),
    [
        (0, "No measure could be tested for a change yet."),
        (24, "Of 24 tests, chance alone names one in about four months."),
        (60, "Of 60 tests, chance alone names one in about two months."),
        (96, "Of 96 tests, chance alone names about one a month."),
        (210, "Of 210 tests, chance alone names about two a month."),
    ],
)
def test_it_is_said_how_many_chance_would_name(tested: int, words: str) -> None:
    assert by_chance([subject("rhi_offered", **STILL)] * tested + [subject("rhi_offered")] * 3) == words


def test_need_to_know_leads_to_every_page() -> None:
    rows = [given("rhi_offered", **MISSED, **WORSE), given("in_foster_care", status=Status.MET, target="0.6", **BETTER)]
    made = material(rows, small_plan())
    page = need_to_know(made, (plan_page(made), scorecard.scorecard(made)))
    assert page.heading == "Three decisions needed; one worse, one better"
    lede = page.blocks[0]
    assert isinstance(lede, Paragraph)
    assert said(lede.text) == "Worse: return home interviews offered. Better: children in foster care."
    assert any(isinstance(block, Tiles) for block in page.blocks)
    tally = next(block for block in page.blocks if isinstance(block, TallyOf))
    assert tally.parts[:3] == (
        TallyPart("Met", Sign.MET, 1), TallyPart("Near", Sign.NEAR, 0), TallyPart("Missed", Sign.MISSED, 1),
    )  # fmt: skip
    links = [word.link for block in page.blocks if isinstance(block, Paragraph) for word in block.text if word.link]
    assert links == ["plan", "scorecard"]
    assert heading((), asked(made, ())) == "Three decisions needed; nothing clearly better or worse"


def test_what_is_in_doubt_says_so_where_it_is_named() -> None:
    few = given("audits_good", **MISSED | {"numerator": 6.0, "denominator": 9.0}, **BETTER)
    lede = need_to_know(material([few]), ()).blocks[0]
    assert isinstance(lede, Paragraph)
    assert said(lede.text) == "Better: audits graded good or better (few cases)."


def test_a_plan_without_targets_has_no_empty_tally_and_no_empty_table() -> None:
    made = material([], plan().model_copy(update={"targets": {}}))
    page, card = need_to_know(made, ()), scorecard.scorecard(made)
    assert not [block for block in page.blocks if isinstance(block, TallyOf | Tiles)]
    assert card.heading == "The plan has no target for this month"
    assert not [block for block in card.blocks if isinstance(block, DataTable)]


def test_an_exception_has_a_fixed_order_and_leaves_out_what_nobody_gave() -> None:
    a_plan = small_plan().model_copy(update={"actions": (small_plan().actions[1],)})
    rows = [given("assessments_within_45_days", **MISSED)]
    one = next(each for each in material(rows, a_plan).targeted if each.measure.id == "assessments_within_45_days")
    made = exception(one)
    assert [term for term, _ in made.terms] == ["What", "For the child", "Cause", "Action", "Owner, by when"]
    assert [said(text) for _, text in made.terms[2:]] == [
        "Its owner has not yet said why.", "5.1 Do 5.1. Amber: at risk.",
        "Director of Children's Services, 28 February 2018 · overdue",
    ]  # fmt: skip


def last_meeting() -> LastMeeting:
    cells = [
        ("rhi_offered", "2017-11", "month", "all", "all", "ok", "near", "73", "73%"),
        ("in_foster_care", "2017-11", "month_end", "all", "all", "ok", "met", "76", "76%"),
        ("retained_12_months", "2017-11", "cohort", "all", "all", "not_available", "no_data", "", "[x]"),
    ]
    frame = pd.DataFrame(cells, columns=["measure_id", "month", "period", "breakdown", "group", "state", "status",
                                         "number", "shown"])  # fmt: skip
    return LastMeeting(date(2018, 1, 24), Month(2017, 11), frame[CELLS.names], as_known=False)


def test_then_and_now_stand_side_by_side_with_what_differs_most_first() -> None:
    rows = [
        given("rhi_offered", **MISSED),
        given("in_foster_care", status=Status.MET, target="0.6", value=0.62, numerator=62.0),
        given("retained_12_months", status=Status.MET, target="0.6"),
    ]
    chosen = [one for one in material(rows).targeted if one.figure.value is not None]
    seen = seen_then(chosen, last_meeting())
    assert [(one.subject.measure.id, one.shown, one.changed, one.newly_judged) for one in seen] == [
        ("rhi_offered", "73%", True, False), ("in_foster_care", "76%", False, False),
        ("retained_12_months", "[x]", False, True),
    ]  # fmt: skip
    assert (seen[0].cell.number, seen[0].cell.key) == (0.73, ("rhi_offered", "2017-11", "month", "all", "all"))
    picture = dumbbells(seen, "November 2017", "March 2018")
    assert picture is not None
    assert isinstance(picture.drawing, Dumbbells)
    assert [(row.label, row.then, row.now) for row in picture.drawing.rows] == [
        ("Children in foster care", 76.0, 62.0), ("Return home interviews offered", 73.0, 67.0),
    ]  # fmt: skip


def test_the_heading_of_what_has_moved_says_none_where_nothing_is_late() -> None:
    scene = material([], plan().model_copy(update={"actions": ()})).scene
    assert since_heading(scene, last_meeting(), []) == "No targets changed status; no actions done, none newly overdue"


def test_a_first_pack_says_that_there_was_no_meeting() -> None:
    page = since_page(material([]))
    assert page.heading == "This is the Board's first pack with data"
    assert not [block for block in page.blocks if isinstance(block, Picture | DataTable)]


def test_the_plan_page_has_every_action_overdue_or_off_track_with_its_owner_and_days() -> None:
    page = plan_page(material([], small_plan()))
    assert page.heading == "0 of 4 actions done, 2 overdue"
    tables = {block.id: block for block in page.blocks if isinstance(block, DataTable)}
    assert [[cell.text for cell in row] + [row[2].below] for row in tables["plan-overdue"].groups[0].rows] == [
        ["S1.1 Do S1.1", "Director of Children's Services", "30 Mar 2018", "Red: off track", "1 day late"],
        ["5.1 Do 5.1", "Director of Children's Services", "28 Feb 2018", "Amber: at risk", "31 days late"],
        ["4.1 Do 4.1", "Director of Children's Services", "31 May 2018", "Red: off track", "not yet due"],
    ]
    assert tables["plan-decisions"].groups[0].rows[0][2].below == "16 days late"


def test_trust_names_the_targets_that_records_left_out_leave_undecided() -> None:
    page = trust_page(material([given("agency_rate", status=Status.NOT_DECIDED, target="0.13")]))
    lists = [said(item) for block in page.blocks if isinstance(block, ItemList) for item in block.items]
    assert [line for line in lists if "status" in line] == [
        "No status, because records left out could change it: Social workers from agencies."
    ]


def test_trust_says_a_reason_once_for_all_that_lost_records_by_it() -> None:
    lost = {"left_out": 3, "left_out_of": 83, "left_out_why": "interview time unreadable"}
    page = trust_page(material([given("rhi_offered", **MISSED, **lost), given("rhi_completed", **MISSED, **lost)]))
    lists = [said(item) for block in page.blocks if isinstance(block, ItemList) for item in block.items]
    assert [line for line in lists if "83" in line] == [
        "Interview time unreadable: Return home interviews offered (3 of 83 records); "
        "Returns followed by an interview (3 of 83 records)."
    ]


def test_trust_says_which_extracts_are_missing_and_what_the_age_on_each_page_is() -> None:
    at = datetime(2018, 4, 1, 23, 30, tzinfo=UTC)  # 2 April in London
    extracts = (
        ExtractUse("placements", at, (Month(2017, 4), MARCH), ("a.xlsx",), 1927),
        ExtractUse("adopters", None, None, (), None, last_month=Month(2018, 1)),
        ExtractUse("audits", None, None, (), None),
    )
    page = trust_page(material([], extracts=extracts))
    assert page.heading == "Two of three extracts are missing"
    table = next(block for block in page.blocks if isinstance(block, DataTable))
    assert [[cell.text for cell in row] for row in table.groups[0].rows] == [
        ["Placements of children looked after", "2 April 2018", "Apr 2017 to Mar 2018", "1,927"],
        ["Prospective adopters", "Missing", "the last ran to Jan 2018", "[x]"],
        ["Case file audits", "Missing", "[x]", "[x]"],
    ]
    assert table.note.startswith("The age of the data on each page runs from 31 March 2018, ")
    words = " ".join(said(block.text) for block in page.blocks if isinstance(block, Paragraph))
    assert "perfpipe explain" in words


def test_every_word_of_status_outlook_and_change_is_in_the_key() -> None:
    terms = [block for block in trust_page(material([])).blocks if isinstance(block, Terms)]
    key = " ".join(f"{term} {said(words)}" for block in terms for term, words in block.terms).lower()
    for words in (*OUTLOOKS.values(), *Movement, "provisional", "few cases", "incomplete"):
        assert words in key, words


def test_a_measure_over_another_period_than_its_first_says_so_in_its_name() -> None:
    first, other = (Subject(material([]).scene, BY_ID["audits_good"], each) for each in AUDITED)
    assert (first.title, other.title) == ("Audits graded good or better", "Audits graded good or better, 12 months")


def test_every_page_says_whom_to_ask() -> None:
    made = material([])
    by_one = whom_to_ask(BoardPage("p", 6, "T", "H", (picture_of("rhi_offered"),)), made.measures)
    assert said(by_one.text) == "Who to ask about this page: Missing and exploitation team."
    assert said(whom_to_ask(BoardPage("p", 3, "T", "H", ()), made.measures).text).startswith(
        "Who to ask about this page: the performance team"
    )


def picture_of(measure: str) -> DataTable:
    key = (measure, "2018-03", "month", "all", "all")
    return DataTable("t", "", (), (TableRows("", ((TableCell("1", key=key),),)),))


def test_a_change_of_definition_is_told_where_both_months_have_a_figure() -> None:
    rows = [
        given("rhi_offered", month=str(month), definition_version=1 if month < Month(2017, 12) else 2, target="0.75")
        for month in month_range(MARCH - 12, MARCH)
    ]
    rows.append(given("in_foster_care", definition_version=7))
    lists = [block for block in trust_page(material(rows)).blocks if isinstance(block, ItemList)]
    assert [[said(item) for item in each.items] for each in lists] == [
        ["Return home interviews offered: counted by another definition since December 2017."]
    ]


def test_faults_opened_and_cleared_need_two_months() -> None:
    def line(month: str, new: int, cleared: int) -> ClearanceLine:
        return ClearanceLine("", month, 10, new, cleared, 0, 0, 0)

    assert clearance([line("2018-03", 5, 1)]) is None
    picture = clearance([line("2018-02", 9, 1), line("2018-03", 5, 16)])
    assert picture is not None
    assert isinstance(picture.drawing, BarPairs)
    assert picture.heading == "Fewer faults opened than were cleared: 14 and 17"
    assert (picture.drawing.axis.top, picture.drawing.axis.marks) == (20.0, (0.0, 5.0, 10.0, 15.0, 20.0))
    assert [(bar.label, bar.now, bar.before) for bar in picture.drawing.bars] == [
        ("Feb 2018", 9.0, 1.0), ("Mar 2018", 5.0, 16.0),
    ]  # fmt: skip


def test_what_stands_on_a_page_alone_was_shown_too() -> None:
    frame = assessed()
    made = content(frame)
    group = frame[(frame["measure_id"] == "children_by_placement_group") & (frame["breakdown"] != "all")].iloc[0]
    key = (group["measure_id"], group["month"], group["period"], group["breakdown"], group["group"])
    before = shown_cells(replace(made, board_pages=()), frame)
    assert key not in set(zip(*(before[name] for name in KEY), strict=True))
    cell = TableCell("31", key=key)
    table = DataTable("a", "", (), (TableRows("", ((cell,),)),))
    page = BoardPage("a", 1, "A", "A", (SideBySide((table,), ()),))
    after = shown_cells(replace(made, board_pages=(page,)), frame)
    assert len(after) == len(before) + 1
    found = after[after["month"].eq(key[1]) & after["group"].eq(key[4]) & after["measure_id"].eq(key[0])].iloc[0]
    assert (found["shown"], found["number"]) == (f"{group['value']:.0f}", f"{group['value']:.0f}")
