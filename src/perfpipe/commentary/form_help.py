"""What the workbook says to who fills it in."""

from __future__ import annotations

from perfpipe.commentary.form import HELP, TO_FILL, FormColumn
from perfpipe.dates.months import Month

IN_SHORT = (
    "Write in the yellow cells of your rows, and save. Leave a row empty if you have nothing to add. Then send the "
    "workbook back to whoever sent it."
)
NOT_TO_WRITE = (
    "No names, ids, dates of birth or telephone numbers, and no numbers of people below 5, in words or digits. More on "
    f"the sheet “{HELP}”."
)
WHY = (
    "The Board reads your words beside your measure, with your role and the day: why the figure is what it is, what "
    "you do about it, and what you need."
)
WHICH = (
    "“Yes” under “Please write?” means that the measure is off its target, or has become worse. Begin there. The other "
    "rows are for what the Board should know anyway."
)
FEW = (
    "Numbers of people or cases below 5, in words or digits (“three girls”): somebody may recognise them. They are "
    "reported to the performance team, and packs for the public leave them out. Write “a few”."
)
RETURN = "Save the workbook and send it back to whoever sent it to you. You may rename it; leave its rows as they are."
CAUSE = (
    "Interviews out of area are late as we wait for the other council to offer one. In our own area nine in ten are in "
    "time."
)


def prompt_of(column: FormColumn) -> str:
    """What stands beside a cell of a column when it is chosen."""
    most = f" At most {column.longest} letters." if column.longest else ""
    return f"{column.help}.{most}"


def help_lines(month: Month) -> list[tuple[str, str]]:
    """The sheet that explains: a heading or a term, and what is said of it."""
    take_in = (
        f"Put the workbook into the folder commentary/{month} of the workspace. `perfpipe check {month}` lists what is "
        f"wrong, by cell. The next `perfpipe run {month}` takes it in."
    )
    return [
        ("What this is for", WHY),
        ("Which rows", WHICH),
        ("", "A row without words is fine: leave it as it is, though your role stands in it already."),
        ("What to write", ""),
        *((column.title, prompt_of(column)) for column in TO_FILL),
        (
            "",
            "“Letters used” counts as you write. Red: too long, or a role or day is missing.",
        ),
        ("", "A text stands in one paragraph: line breaks become spaces."),
        (
            "Please do not write",
            "Names, ids, dates of birth, telephone numbers: with one, a row is left out.",
        ),
        ("", FEW),
        ("", "A day in figures may be one of birth: within a text write the month as a word, 30 June 2018."),
        ("An example", ""),
        ("What it means, and the cause", CAUSE),
        ("Action", "Agree with two providers to interview where children live"),
        ("By when", "30/06/2018"),
        ("Question to put", "Will the Board ask neighbouring councils to share their interviewers?"),
        ("When you are done", RETURN),
        ("", "If a figure changes later, the pack says that your words were written before it did."),
        ("For the performance team", take_in),
    ]
