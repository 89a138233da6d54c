"""Rules about files and folders as they arrive in `data/raw`, before anything is read."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from perfpipe.rules.rule import INFO, OFF, STOP, WARN, Rule, Scope

_of_arrivals = partial(Rule, scope=Scope.ARRIVING, expected="extract files in folders named by month or financial year")
_stops = partial(_of_arrivals, severity=STOP, may_also_be=(WARN,))
_warns = partial(_of_arrivals, severity=WARN, may_also_be=(STOP, INFO))

RAW_IS_A_LINK = _stops(
    id="raw_is_a_link",
    meaning="data/raw is a link to another place",
    what_to_do="Replace the link with the folder itself. If the link is intended, set this rule to warn.",
)
FOLDER_NAME = _warns(
    id="folder_name",
    meaning="a folder or file in data/raw that is not a delivery folder",
    what_to_do="Put the file in a folder named by its month, such as data/raw/2017-04/.",
)
NOT_A_FILE = _stops(
    id="not_a_file",
    meaning="a link, a folder or a device where a file should be; not taken in",
    what_to_do="Replace it with the file itself.",
)
FILE_NAME = _stops(
    id="file_name",
    meaning="a name with control characters, or two names that differ only in capital letters; not taken in",
    what_to_do="Rename the file.",
)
FILE_NAME_TWICE = replace(FILE_NAME, what_to_do="Rename one, or remove it.")
FILE_NOT_READABLE = _stops(
    id="file_not_readable",
    meaning="a file that cannot be opened; not taken in",
    what_to_do="Close it in every program, and check that you have permission to read it.",
)
FILE_BEING_WRITTEN = _stops(
    id="file_being_written",
    meaning="a file that is still being copied or is open in Excel; taken in by the next run",
    what_to_do="Wait until the copy has finished, close the file in every program, and run again. It was not taken in.",
)
FILE_INCOMPLETE = _stops(
    id="file_incomplete",
    meaning="a file of 0 bytes, or a workbook cut short; not taken in",
    what_to_do="Copy or export the file again, or wait for a copy in progress to finish. It was not taken in.",
)
FILE_NOT_RECOGNISED = _warns(
    id="file_not_recognised",
    meaning="a file whose name matches no layout; not taken in",
    expected="a standard name ({names}) or a name listed in a layout",
    what_to_do="Rename it, add its name to `files` in a layout, or list it in `ignore_files` in perfpipe.toml.",
)
NO_FILE_RECOGNISED = _stops(
    id="no_file_recognised",
    meaning="a delivery folder of extracts none of which matches a layout",
    what_to_do="Rename the files, or add their names to `files` in layouts. If they are not extracts, list them in "
    "`ignore_files` in perfpipe.toml.",
)
_of_parts = {"expected": "one file or sheet for each part that the layout names"}
PART_MISSING = _warns(
    id="part_missing",
    may_also_be=(STOP,),
    meaning="a part of an extract is not there: the extract is not used until it comes",
    **_of_parts,
    what_to_do="Ask for the part {part!r}. Until it comes there is no extract: the other parts are not used.",
)
PART_REPEATED = _stops(
    id="part_repeated",
    may_also_be=(),
    meaning="two files or sheets for one part of an extract, or one for two parts; none is used",
    **_of_parts,
    what_to_do="Remove the one that is not to be used, or make the patterns of the layout's parts narrower.",
)
PART_UNKNOWN = _stops(
    id="part_unknown",
    may_also_be=(),
    meaning="a file of a layout with parts that fits none of them; no part is used",
    **_of_parts,
    what_to_do="Add its part to `parts` of the layout, or list the file in `ignore_files`.",
)
FILE_WITHDRAWN = _warns(
    id="file_withdrawn",
    meaning="a file whose extract was withdrawn; not used",
    what_to_do="Replace it with the right file. To use this one after all, give it another name that matches a layout.",
)
ERASED_FILE = _warns(
    id="erased_file",
    meaning="a file that was erased, or from which rows were erased, in its folder again; not taken in again",
    what_to_do="Delete it, and ask who put it there to send the extract without the records that were erased.",
)
DELIVERY_NOTE = _stops(
    id="delivery_note",
    meaning="a delivery note that cannot be read; its folder is not taken in",
    what_to_do="Write `delivered_on = 2017-05-06`, and `extracted_at` in the same way, at the top or under "
    '[files."name.xlsx"].',
)
DELIVERY_NOTE_NOT_A_FILE = replace(DELIVERY_NOTE, what_to_do="Replace it with the note itself.")
DELIVERY_NOTE_NOT_OPENED = replace(DELIVERY_NOTE, what_to_do="Check that you have permission to read it.")
DELIVERY_NOTE_UNUSED = _warns(
    id="delivery_note_unused",
    may_also_be=(STOP, INFO, OFF),
    meaning="a delivery note names a file that is not in its folder",
    what_to_do="Correct the file's name in the note. It must match exactly, including capital letters.",
)
DELIVERY_NOTE_CHANGED = _warns(
    id="delivery_note_changed",
    meaning="a delivery note changed after its file was received",
    what_to_do="Restore the note as it was. To change it, withdraw the extract and send the file under another name.",
)

ARRIVAL_RULES = (
    RAW_IS_A_LINK, FOLDER_NAME, NOT_A_FILE, FILE_NAME, FILE_NOT_READABLE, FILE_BEING_WRITTEN, FILE_INCOMPLETE,
    FILE_NOT_RECOGNISED, NO_FILE_RECOGNISED, PART_MISSING, PART_REPEATED, PART_UNKNOWN,
    FILE_WITHDRAWN, ERASED_FILE, DELIVERY_NOTE, DELIVERY_NOTE_UNUSED, DELIVERY_NOTE_CHANGED,
)  # fmt: skip
