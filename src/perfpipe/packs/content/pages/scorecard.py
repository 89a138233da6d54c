"""Page 4: every target of the plan on one page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from perfpipe.measures.definition import Measure
from perfpipe.measures.words import STATUS_WORDS, Movement, Status, capital
from perfpipe.packs.content.pages.cells import (
    latest_cell,
    line_cell,
    movement_cell,
    name_cell,
    status_cell,
    target_cell,
    year_ago_cell,
)
from perfpipe.packs.content.pages.material import Material
from perfpipe.packs.content.pages.subject import Subject
from perfpipe.packs.content.pages.texts import how_many, number_word, paragraph
from perfpipe.packs.models.blocks import Align, BoardPage, DataTable, Manner, TableCell, TableColumn, TableRows
from perfpipe.phrases.counted_nouns import count_of
from perfpipe.plan import Plan

PRACTICE = "Quality and timeliness of practice"
GROUPS = {  # by the dataset of a measure; the others are of practice
    "return_home_interviews": "Return home interviews",
    "placements": "Children looked after",
    "social_workers": "Social workers",
    "workforce_monthly": "Social workers",
    "practice": PRACTICE,
    "adopters": "Adopters",
}
TYPED = "manual_measures"
WIDTHS = (54.0, 17.5, 22.5, 13.0, 20.5, 28.0, 28.5)
NOTE = (
    "Arrow: which way is good. Line: 24 months on a scale of its own; dashes: the target; hollow dot: provisional. "
    "Better, worse: tested at 99%; higher, lower: at 95% only, so could be chance. Few cases: fewer than {low_base}. "
    "Outlook: only where control limits are valid."
)
HOW_TO_SET = "Targets are set in plan.toml, with the month from which they hold."
WAYS = {
    Movement.WORSE: "worse",
    Movement.BETTER: "better",
    Movement.HIGHER: "higher",
    Movement.LOWER: "lower",
    Movement.NO_CLEAR_CHANGE: "with no clear change",
    Movement.NOT_TESTED: "not tested",
}
ALWAYS = (Movement.WORSE, Movement.BETTER)
IS = ("are", "is")
COUNTED = (Status.MET, Status.NEAR, Status.MISSED)
NOT_KNOWN = (Status.NOT_DECIDED, Status.NO_DATA)


def scorecard(material: Material) -> BoardPage:
    """The page."""
    subjects = material.targeted
    groups = grouped(subjects, material.scene.plan)
    table = DataTable(
        id="scorecard-table",
        caption=f"Every measure with a target in {material.scene.month.label}",
        columns=_columns(material),
        groups=tuple(TableRows(title, tuple(map(_row, of_it))) for title, of_it in groups.items()),
        note=NOTE.format(low_base=material.scene.low_base),
        is_dense=True,
    )
    blocks = (paragraph(_lede(subjects), Manner.LEDE), table) if subjects else (paragraph(HOW_TO_SET),)
    return BoardPage("scorecard", 4, "Scorecard", heading(subjects), blocks)


def heading(subjects: Sequence[Subject]) -> str:
    """`7 of 25 targets met, 6 near, 10 missed, 1 not decided, 1 no data`."""
    if not subjects:
        return "The plan has no target for this month"
    count = Counter(each.row.status for each in subjects)
    told = [f"{count[Status.MET]} of {count_of(len(subjects), 'target')} {STATUS_WORDS[Status.MET]}"]
    told += [f"{count[each]} {STATUS_WORDS[each]}" for each in (Status.NEAR, Status.MISSED)]
    return ", ".join([*told, *(f"{count[each]} {STATUS_WORDS[each]}" for each in NOT_KNOWN if count[each])])


def in_doubt(subjects: Sequence[Subject]) -> list[Subject]:
    """Those whose status is said of a figure that is provisional, or of few cases."""
    return [each for each in subjects if each.is_doubtful and each.row.status in COUNTED]


def _lede(subjects: Sequence[Subject]) -> str:
    """How many are better and worse, not tested, and in doubt; the table says which."""
    doubtful = len(in_doubt(subjects))
    count = Counter(each.row.movement for each in subjects)
    told = [f"{how_many(count[each])} {word}" for each, word in WAYS.items() if count[each] or each in ALWAYS]
    doubt = (
        f" {capital(number_word(doubtful))} of the statuses {IS[doubtful == 1]} in doubt: provisional or on few cases."
    )
    return f"{capital(', '.join(told))}." + (doubt if doubtful else "")


def grouped(subjects: Sequence[Subject], plan: Plan) -> Mapping[str, list[Subject]]:
    """Subjects by group. A measure typed by hand stands with those of its recommendation, where these are of one."""
    of_recommendation: dict[str, set[str]] = {}
    for each in plan.recommendations:
        known = [one for one in subjects if one.measure.id in plan.measures_of(each)]
        of_recommendation[each.id] = {topic_of(one.measure) for one in known if one.measure.basis.dataset.id != TYPED}
    groups: dict[str, list[Subject]] = {title: [] for title in GROUPS.values()}
    for subject in subjects:
        title = topic_of(subject.measure)
        serves = [each.id for each in plan.recommendations if subject.measure.id in plan.measures_of(each)]
        beside = {group for name in serves for group in of_recommendation[name]}
        if subject.measure.basis.dataset.id == TYPED and len(beside) == 1:
            title = beside.pop()
        groups[title].append(subject)
    return {title: of_it for title, of_it in groups.items() if of_it}


def topic_of(measure: Measure) -> str:
    """Under which heading a measure stands, by its dataset."""
    return GROUPS.get(measure.basis.dataset.id, PRACTICE)


def _columns(material: Material) -> tuple[TableColumn, ...]:
    right = (2, 3)
    headers = (
        "Measure, and which way is good",
        "24 months",
        material.scene.month.label,
        "Year ago",
        "Target, months met",
        "Status, outlook",
        "Change",
    )
    return tuple(
        TableColumn(header, width / sum(WIDTHS), Align.RIGHT if place in right else Align.LEFT)
        for place, (header, width) in enumerate(zip(headers, WIDTHS, strict=True))
    )


def _row(subject: Subject) -> tuple[TableCell, ...]:
    return (
        name_cell(subject),
        line_cell(subject),
        latest_cell(subject),
        year_ago_cell(subject),
        target_cell(subject),
        status_cell(subject),
        movement_cell(subject),
    )
