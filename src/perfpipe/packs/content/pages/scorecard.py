"""Page 4: every target of the plan on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
from perfpipe.packs.content.pages.texts import number_word, paragraph, several
from perfpipe.packs.models.blocks import Align, BoardPage, DataTable, Manner, TableCell, TableColumn, TableRows
from perfpipe.packs.wording.numbers import listed
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
WIDTHS = (54.5, 23.0, 21.5, 11.5, 22.0, 21.5, 30.0)
NOTE = (
    "Arrow before a name: which way is good. Line: 24 months on a scale of its own, at least 10 percentage points "
    "high; dashes are the target, a hollow dot is provisional. Change: better and worse are sure at 99%, higher and "
    "lower at 95%. Under a status: provisional, few cases (fewer than {low_base}), or where control limits are valid, "
    "the outlook."
)
MOST_NAMED = 3
COUNTED = (Status.MET, Status.NEAR, Status.MISSED)


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
    lede = moved(subjects)
    return BoardPage("scorecard", 4, "Scorecard", heading(subjects), (paragraph(lede, Manner.LEDE), table))


def heading(subjects: Sequence[Subject]) -> str:
    """`Seven of 25 targets met, six near, twelve missed; three are provisional or on few cases`."""
    if not subjects:
        return "The plan has no target for this month"
    count = {status: sum(each.row.status is status for each in subjects) for status in COUNTED}
    told = f"{number_word(count[Status.MET])} of {several(len(subjects), 'target')} met"
    told += "".join(f", {number_word(count[each])} {STATUS_WORDS[each]}" for each in (Status.NEAR, Status.MISSED))
    unknown = len(subjects) - sum(count.values())
    told += f", {number_word(unknown)} not known" if unknown else ""
    doubtful = sum(each.is_doubtful for each in subjects if each.row.status in COUNTED)
    verb = "is" if doubtful == 1 else "are"
    told += f"; {number_word(doubtful)} {verb} provisional or on few cases" if doubtful else ""
    return capital(told.replace("no of", "none of", 1) if told.startswith("no of") else told)


def grouped(subjects: Sequence[Subject], plan: Plan) -> Mapping[str, list[Subject]]:
    """Subjects by group. A measure typed by hand stands with those of its recommendation, where these are of one."""
    of_recommendation: dict[str, set[str]] = {}
    for each in plan.recommendations:
        known = [one for one in subjects if one.measure.id in plan.measures_of(each)]
        of_recommendation[each.id] = {_group(one) for one in known if one.measure.basis.dataset.id != TYPED}
    groups: dict[str, list[Subject]] = {title: [] for title in GROUPS.values()}
    for subject in subjects:
        title = _group(subject)
        serves = [each.id for each in plan.recommendations if subject.measure.id in plan.measures_of(each)]
        beside = {group for name in serves for group in of_recommendation[name]}
        if subject.measure.basis.dataset.id == TYPED and len(beside) == 1:
            title = beside.pop()
        groups[title].append(subject)
    return {title: of_it for title, of_it in groups.items() if of_it}


def _group(subject: Subject) -> str:
    return GROUPS.get(subject.measure.basis.dataset.id, PRACTICE)


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


def moved(subjects: Sequence[Subject]) -> str:
    """What is better and what is worse, by name where they are few."""
    told = [
        f"{capital(movement)}: {_named([each for each in subjects if each.row.movement is movement])}."
        for movement in (Movement.WORSE, Movement.BETTER)
    ]
    untested = sum(each.row.movement is Movement.NOT_TESTED for each in subjects)
    told += [f"Not tested: {number_word(untested)}."] if untested else []
    return " ".join(told)


def _named(subjects: Sequence[Subject]) -> str:
    titles = [f"{each.measure.title[0].lower()}{each.measure.title[1:]}" for each in subjects]
    if not titles:
        return "none"
    if len(titles) <= MOST_NAMED:
        return listed(titles)
    return f"{several(len(titles), 'measure')}, such as {listed(titles[: MOST_NAMED - 1])}"
