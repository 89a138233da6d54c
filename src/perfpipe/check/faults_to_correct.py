"""The restricted workbook of faults of a check, before or without a run: with what was found, and words to map."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from perfpipe.check.check import CheckedWorkspace, FaultAge, FoundFault
from perfpipe.datasets import BY_ID
from perfpipe.measures import MEASURES
from perfpipe.packs.content.board_pack import AUDIENCES
from perfpipe.packs.models.faults import FaultRow, FaultsBook, WordToMap
from perfpipe.packs.workbooks.faults_book import write_faults_book
from perfpipe.phrases.near_names import near_names
from perfpipe.publish.fault_rows import FaultOverTime, fault_row, link_to
from perfpipe.publish.fault_totals import fault_totals
from perfpipe.settings.settings import Settings
from perfpipe.settings.workspace import Workspace
from perfpipe.storage.files import written_whole
from perfpipe.validate.delivered_table import CodedWord

AGES = {FaultAge.NEW: "New", FaultAge.OPEN: "Open", FaultAge.NOT_FOLLOWED: "Not followed"}
WORDS = 200  # of one column: more are no codes


def write_faults_to_correct(workspace: Workspace, checked: CheckedWorkspace) -> Path:
    """Write the workbook of a check with values into `data/processed`, where it is replaced by the next.

    Restricted. Raises MachineFailure.
    """
    settings, path = workspace.settings(), workspace.faults_to_correct
    rows = [_row(each, checked, settings, workspace) for each in checked.found if each.is_current]
    book = FaultsBook(
        authority=settings.authority.name,
        month_label=checked.month.label if checked.month else "",
        audience=AUDIENCES["analyst"],
        fingerprint="",
        faults=tuple(rows),
        by_owner=fault_totals(rows, lambda fault: (fault.owner,)),
        by_rule=fault_totals(rows, lambda fault: (fault.owner, fault.rule)),
        left_out=(),
        cleared=(),
        corrections=(),
        words=words_to_map(checked.words),
    )
    with written_whole(path) as beside:
        write_faults_book(book, beside)
    return path


def words_to_map(words: Sequence[CodedWord]) -> tuple[WordToMap, ...]:
    """Words with the codes that they can be mapped to, and the line to add for those that have none."""
    made: list[WordToMap] = []
    seen: Counter[tuple[str, str]] = Counter()
    for each in words:
        seen[each.dataset, each.column] += 1
        codes = BY_ID[each.dataset].by_name[each.column].codes
        if codes is None or seen[each.dataset, each.column] > WORDS:
            continue
        known = codes.by_code
        near = near_names(each.word, known, {code: of.label for code, of in known.items()}) if each.code is None else []
        line = f'{json.dumps(each.word, ensure_ascii=False)} = "{near[0] if near else ""}"'
        made.append(
            WordToMap(
                each.dataset, each.column, each.word, each.cells,
                f"{each.code}: {known[each.code].label}" if each.code in known else each.code or "no code: map it",
                "; ".join(f"{code}: {of.label}" for code, of in known.items()),
                line if each.code is None else "",
            )
        )  # fmt: skip
    return tuple(made)


def _row(each: FoundFault, checked: CheckedWorkspace, settings: Settings, workspace: Workspace) -> FaultRow:
    fault = each.fault
    record, found = checked.values.get(fault.identity, ("", ""))
    state = AGES[each.age] if fault.severity != "info" else "For information"
    over_time = FaultOverTime(state, months_open=0 if each.age is FaultAge.NEW else None)
    link = link_to(workspace.raw / fault.file, workspace.processed)
    return fault_row(fault, record, found, link, over_time, settings, MEASURES)
