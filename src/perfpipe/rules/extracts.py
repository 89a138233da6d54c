"""Rules about one extract as a whole: its records, when it was made, and whether its dates fit its folder."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from perfpipe.rules.rule import INFO, OFF, STOP, WARN, Rule, Scope

_of_extracts = partial(Rule, scope=Scope.READING)
_unreadable = partial(_of_extracts, severity=STOP, may_also_be=())
_of_its_month = partial(_of_extracts, expected="an extract made in or after {folder}, with records of that time")
_of_another_month = partial(
    _of_its_month,
    severity=STOP,
    may_also_be=(WARN, INFO),
    what_to_do="Replace it with the extract for {folder}, under the same name. If it belongs to another month, run "
    "`perfpipe withdraw {extract} --reason ...` and put it in that month's folder under another name.",
)

LAYOUT_GONE = _unreadable(
    id="layout_gone",
    meaning="no layout matches the file names under which an extract was received",
    expected="the layout under which the files were received",
    what_to_do="Restore the layout, or run `perfpipe withdraw {extract} --reason ...`.",
)
STORED_COPY_LOST = _unreadable(
    id="stored_copy_lost",
    meaning="the stored copy of a file was changed or is missing, and data/raw no longer has that file",
    expected="the file as it was received",
    what_to_do="Restore data/raw/.store from a backup, or put the same file back into its folder, then run again. "
    "`perfpipe verify` lists every such file.",
)
EXTRACT_TIME_MISSING = _unreadable(
    id="extract_time_missing",
    meaning="the cell or file name that should say when the extract was made does not",
    expected="the time when the source made the extract",
    what_to_do="Restore it, or declare `extracted_at` in delivery.toml.",
)
NO_USABLE_ROWS = _unreadable(
    id="no_usable_rows",
    meaning="every row of the extract is left out",
    expected="records",
    what_to_do="Correct the faults listed and send the file again.",
)
ERASED_PERSON = _of_extracts(
    id="erased_person",
    severity=WARN,
    may_also_be=(STOP, INFO),
    meaning="a record of somebody whose records were erased; it is left out of everything",
    expected="no record of a person whose records were erased",
    what_to_do="Have the record removed at its source or from the export, and run `perfpipe erase` once more, which "
    "takes it out of the files that hold it.",
)
ROWS_ERASED = _of_extracts(
    id="rows_erased",
    severity=INFO,
    may_also_be=(WARN,),
    meaning="rows of the extract were erased; figures that are computed now are without them",
    expected="the extract as it was delivered",
    what_to_do="Nothing. Figures that were published with these rows stay as they were published.",
)
SAME_FILE_AGAIN = _of_extracts(
    id="same_file_again",
    severity=WARN,
    may_also_be=(STOP,),
    meaning="the same file, byte for byte, in a second folder; it is used only for the first",
    expected="a separate extract for each month",
    what_to_do="Ask the source for the extract for {folder}. This one is used only for {first}. If that was the wrong "
    "folder, run `perfpipe withdraw {extract} --reason ...` and put it here under another name.",
)
EMPTY_EXTRACT = _of_its_month(
    id="empty_extract",
    severity=STOP,
    may_also_be=(WARN, INFO),
    meaning="headers but no records",
    what_to_do="Check the export's filter and send it again under the same name. If there should be none, list the "
    "dataset in `may_be_empty` under [arrivals] in perfpipe.toml.",
)
MADE_BEFORE_MONTH = _of_another_month(
    id="made_before_month", meaning="the extract was made before the month of its folder"
)
MADE_AFTER_DELIVERY = _of_extracts(
    id="made_after_delivery",
    severity=WARN,
    may_also_be=(STOP, INFO, OFF),
    meaning="the extract was made after the day on which its delivery note says that it came",
    expected="an extract made by the day of its delivery",
    what_to_do="Ask the source when it was made and sent. With a wrong `delivered_on` figures as known on a day are "
    "wrong: run `perfpipe withdraw {extract} --reason ...`, correct the note, and send the file under another name.",
)
NO_RECORDS_IN_MONTH = _of_another_month(
    id="no_records_in_month",
    meaning="no record is dated in the month of the folder, though many are in the months before",
)
DATES_IN_FUTURE = _of_its_month(
    id="dates_in_future",
    severity=STOP,
    may_also_be=(WARN, INFO),
    meaning="a large share of the records start after the month of the folder",
    what_to_do="Compare one date with the source: copied cells of a workbook that counts from 1904 are four years out. "
    "If the dates are right, the file is in the wrong folder: run `perfpipe withdraw {extract} --reason ...` and put "
    "it in the right one under another name.",
)
RECORDS_AFTER_MONTH = _of_its_month(
    id="records_after_month",
    severity=WARN,
    may_also_be=(STOP, INFO),
    meaning="many records start after the month of the folder, or after the extract was made",
    what_to_do="Check that the file is in the folder of its month, and that the dates are right. The records are used.",
)
MONTHS_AFTER_MONTH = replace(
    RECORDS_AFTER_MONTH,
    what_to_do="Check that the file is in the folder of its month, and that the months are right.",
)
MONTH_ROW_MISSING = _of_its_month(
    id="month_row_missing",
    severity=WARN,
    may_also_be=(STOP, INFO),
    meaning="no row for the month of the folder",
    what_to_do="Ask the source for an extract that includes {month}. Its figures for that month are not available "
    "until then.",
)
COVERS_CONTRADICTED = _of_extracts(
    id="covers_contradicted",
    severity=WARN,
    may_also_be=(STOP, INFO, OFF),
    meaning="records that contradict the months that the layout declares in `covers`",
    expected="records of the months that `covers` declares, up to {folder}",
    what_to_do="Check the dates by which the source exported it. If they are wrong, export it again; if `covers` is, "
    "correct it in the layout: months without records are shown as 0.",
)
PARTS_OVERLAP = _of_extracts(
    id="parts_overlap",
    severity=STOP,
    may_also_be=(WARN,),
    meaning="records that stand in two parts of an extract",
    expected="each record in one part only",
    what_to_do="Check that each team sent its own records, and once. If a record rightly stands in both, set this "
    "rule to warn: of records with one {key} the last is used.",
)

EXTRACT_RULES = (
    LAYOUT_GONE, STORED_COPY_LOST, EXTRACT_TIME_MISSING, NO_USABLE_ROWS, SAME_FILE_AGAIN, ERASED_PERSON,
    ROWS_ERASED, EMPTY_EXTRACT, MADE_BEFORE_MONTH, MADE_AFTER_DELIVERY, NO_RECORDS_IN_MONTH, DATES_IN_FUTURE,
    RECORDS_AFTER_MONTH, MONTH_ROW_MISSING, COVERS_CONTRADICTED, PARTS_OVERLAP,
)  # fmt: skip
