"""A fault as a row of the restricted workbooks: whose it is, where it is, what was found, which figures it leaves."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from perfpipe.datasets import BY_ID
from perfpipe.faults.fault import Fault
from perfpipe.measures.definition import Measure
from perfpipe.packs.models.faults import FaultRow
from perfpipe.rules.rule import UNUSABLE
from perfpipe.settings.settings import Settings

LETTER = re.compile(r"([A-Z]{1,3})(?: \(|$)")


@dataclass(frozen=True)
class FaultOverTime:
    """How a fault stands: its state in words, since when, and for how many months; blank and None: not known."""

    state: str
    first_seen: str = ""
    months_open: int | None = None


def fault_row(
    fault: Fault, record: str, found: str, link: str, over_time: FaultOverTime, settings: Settings,
    measures: Sequence[Measure],
) -> FaultRow:  # fmt: skip
    """The row. `record` and `found`: the names of its record and what stood in its cell; blank where it has none."""
    dataset = BY_ID.get(fault.dataset)
    letter = LETTER.match(fault.column)
    return FaultRow(
        owner=settings.owner_of(fault.dataset, fault.rule),
        severity=fault.severity.value,
        dataset=dataset.title if dataset else "Settings, names and folders",
        rule=fault.rule,
        file=fault.file,
        sheet=fault.sheet,
        row=fault.row,
        column=fault.column,
        letter=letter[1] if letter else "",
        link=link,
        record=record,
        found=found or fault.found,
        expected=fault.expected,
        what_to_do=fault.what_to_do,
        left_out_of=", ".join(measure.code for measure in measures_without(fault, measures)),
        state=over_time.state,
        first_seen=over_time.first_seen,
        months_open=over_time.months_open,
        identity=fault.identity,
    )


def link_to(delivered: Path, folder: Path) -> str:
    """The address of a delivered file from a workbook in a folder; blank where the file is not there."""
    return quote(Path(os.path.relpath(delivered, folder)).as_posix()) if delivered.is_file() else ""


def measures_without(fault: Fault, measures: Sequence[Measure]) -> list[Measure]:
    """The measures that leave out the row of a fault. Where it is in none, the steps of tables are not listed."""
    dataset, defect = fault.dataset, fault.defect
    if defect == UNUSABLE.id:
        return [each for each in measures if each.shown.table is None and each.basis.dataset.id == dataset]
    return [each for each in measures if each.leaves_out(dataset, defect)]
