"""A workspace in which one child is planted everywhere, after two runs; and what is looked for after an erasure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from perfpipe.dates.months import Month
from perfpipe.ledger.ledger import Ledger
from perfpipe.measures.figure import KEY
from perfpipe.run import run_month
from perfpipe.settings.workspace import Workspace
from tests.builders import write_csv, write_sheets
from tests.planted import texts_under
from tests.workspaces import deliver, episode, new_workspace, placement, spell

FIRST, LAST = "2018-04", "2018-05"
CHILD, BORN, NOTE = "KQZX7741", "17/02/2009", "zebrafinchplace"
PLANTED = ("kqzx7741", "17/02/2009", "2009-02-17", NOTE, "epkqzx1")


def planted_workspace(root: Path) -> Workspace:
    """Placements with the child, whom a sibling's row names; interviews, workers, corrections."""
    made = new_workspace(root)
    with open(made.settings_file, "a", encoding="utf-8") as settings:
        settings.write(
            '\n[[layouts.placements]]\nname = "ours"\nfiles = ["placements*"]\nignore = ["Remarks"]\n'
            'columns = { child_id = "CHILD", dob = "DOB", started_on = "DECOM", new_episode_reason_code = "RNE", '
            'legal_status_code = "LS", placement_code = "PLACE", provider_code = "PLACE_PROVIDER", ceased_on = "DEC", '
            'cease_reason_code = "REC" }\n'
        )
    for month in (FIRST, LAST):
        _deliver_month(made, month)
    (root / "corrections.toml").write_text(
        f'# {CHILD}: see the note of June\n[[corrections]]\ndataset = "return_home_interviews"\n'
        'key = { episode_id = "EPKQZX1" }\ncolumn = "outcome"\nfrom = "accepted"\nto = "declined"\n'
        'reason = "typed wrongly"\nby = "analyst"\ndate = 2018-05-01\n\n'
        '[[corrections]]\ndataset = "return_home_interviews"\nkey = { episode_id = "E3" }\ncolumn = "outcome"\n'
        'from = "accepted"\nto = "declined"\nreason = "typed wrongly"\nby = "analyst"\ndate = 2018-05-01\n',
        encoding="utf-8",
    )
    return made


def _deliver_month(made: Workspace, month: str) -> None:
    first = "01/05/2017"
    children: list[Mapping[str, str]] = [
        {**care_of(f"C{1000 + number}", f"{number + 1:02}/03/2010", first), "Remarks": ""} for number in range(12)
    ]
    children[3] = {**children[3], "Remarks": f"brother of {CHILD}"}
    children.insert(5, {**care_of(CHILD, BORN, "01/02/2017"), "Remarks": NOTE})
    children.insert(8, {**care_of(CHILD, BORN, "03/04/2018", RNE="P"), "Remarks": ""})
    new = ["04", "05"][: 1 if month == FIRST else 2]
    children += [{**care_of(f"C20{each}", "11/11/2012", f"12/{each}/2018"), "Remarks": ""} for each in new]
    children[5] = {**children[5], "DEC": "03/04/2018", "REC": "X1"}
    table = [list(children[0]), *([*row.values()] for row in children)]
    write_sheets(made.raw / month / "placements.xlsx", {"Records": table})
    months = [each for each in ("04", "05") if f"2018-{each}" <= month]
    days = [f"{day}/{each}/2018" for each in months for day in (10, 11, 12, 13, 14, 16)]
    episodes = [
        episode(number, child_id=f"C{1000 + number % 12}", found_at=f"{day} 10:00", returned_at=f"{day} 12:00",
                missing_from=f"{day} 08:00", interview_at=f"{day} 18:00")
        for number, day in enumerate(days, 1)
    ]  # fmt: skip
    theirs = {"episode_id": "EPKQZX1", "child_id": f" {CHILD.lower()}"}
    episodes.append({**episodes[-1], **theirs, "interview_at": "never"})
    deliver(made, month, "return_home_interviews", episodes)
    deliver(made, month, "social_workers", [spell(f"W{n}", "01/05/2016", cases=month[-1]) for n in range(1, 8)])


def in_two_parts(root: Path) -> Workspace:
    """Interviews in two files, one a team; the child is in that of the south alone."""
    made = new_workspace(root)
    with open(made.settings_file, "a", encoding="utf-8") as settings:
        settings.write(
            '\n[[layouts.return_home_interviews]]\nname = "teams"\nfiles = ["*.csv"]\ndate_order = "day_first"\n'
            'parts = { north = ["north*"], south = ["south*"] }\n'
            "[layouts.return_home_interviews.columns]\n" + "".join(f'{name} = "{name}"\n' for name in episode(1))
        )
    for number, (team, child) in enumerate([("north", "C1001"), ("south", CHILD)], 1):
        write_csv(
            made.raw / FIRST / f"{team}.csv", [dict(episode(number, child_id=child, returned_at="10/04/2018 12:00"))]
        )
    return made


def care_of(child: str, born: str, start: str, **values: str) -> dict[str, str]:
    names = ("CHILD", "DECOM", "RNE", "LS", "PLACE", "PLACE_PROVIDER", "DEC", "REC")
    row = placement(child, start, **values)
    return {"DOB": born, **{name: row[name] for name in names}}


def run_both(made: Workspace) -> None:
    """Both months, published."""
    for month in (FIRST, LAST):
        run_month(made, Month.parse(month))


def places_with(made: Workspace, words: Sequence[str] = PLANTED) -> list[str]:
    """The files under a workspace in which some words stand; archives are opened; the ledger's log is one of them."""
    found = set()
    for path, content in texts_under(made.root):
        if any(word.encode() in content or word.encode("utf-16-le") in content for word in words):
            found.add(path.relative_to(made.root).as_posix())
    return sorted(found)


def published(made: Workspace) -> pd.DataFrame:
    """The newest of every published figure."""
    ledger = Ledger.open(made.processed)
    try:
        newest = max(run.id for run in ledger.runs() if run.is_done)
        known = ledger.figures_as_of(newest, Month.parse("2015-01"), Month.parse("2019-12"))
        return known.drop(columns="run_id").sort_values(KEY, ignore_index=True)
    finally:
        ledger.close()


def board_files(made: Workspace) -> dict[str, bytes]:
    """Every file of the board's editions."""
    folders = sorted(made.reports.glob("*/board"))
    return {
        path.relative_to(made.root).as_posix(): path.read_bytes()
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def manifest(made: Workspace, month: str, audience: str) -> dict[str, object]:
    """The manifest of an audience's first edition."""
    found: dict[str, object] = json.loads((made.reports / month / audience / "1" / "manifest.json").read_text())
    return found


def row_numbers(words: str) -> list[int]:
    """The numbers in some words."""
    return [int(number) for number in re.findall(r"\d+", words)]
