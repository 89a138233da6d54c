"""Workspaces in which every cell that can be is a word that stands nowhere else, and where those words may not be."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile, is_zipfile

from openpyxl import Workbook

from perfpipe.datasets import DATASETS
from perfpipe.datasets.definition import Kind
from perfpipe.settings.workspace import Workspace
from perfpipe_sample import PLAN_FILE as PLAN
from tests.builders import RECORD, make_workspace, write_sheets

Record = dict[str, object]
FIRST, SECOND = "2017-07", "2017-08"  # when all sound records are of the past
KEYS = {
    "return_home_interviews": "episode_id", "placements": "child_id", "social_workers": "worker_id",
    "assessments": "assessment_id", "audits": "audit_id", "adopters": "household_id", "actions": "action_id",
}  # fmt: skip
BESIDE = {  # a column of text
    "social_workers": "team", "actions": "note", "audits": "team", "adopters": "withdrawal_reason",
}  # fmt: skip


class Planter:
    """Gives out words, each once, and remembers them."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.words: list[str] = []
        self.in_faults: list[str] = []  # those in cells that cannot be read, of extracts that speak

    def word(self) -> str:
        letters = "".join(self._random.choices(string.ascii_lowercase, k=11))
        self.words.append(f"{letters[:5]}{self._random.randrange(10, 100)}{letters[5:]}")
        return self.words[-1]


def plant_readable(root: Path) -> tuple[Workspace, Planter]:
    """Extracts of all datasets for two months that can be used: in each row another column holds a word."""
    planter = Planter(1)
    workspace = make_workspace(root, plan=PLAN.read_text(encoding="utf-8"))
    with open(workspace.settings_file, "a", encoding="utf-8") as settings:
        settings.write('\n[severities]\nno_records_in_month = "warn"\n')  # sound records are older
    corrected = {dataset: planter.word() for dataset in KEYS}
    wrong = {dataset: planter.word() for dataset in KEYS}
    away = {"episode_id": planter.word(), "child_id": planter.word(), "returned_at": "", "interview_at": "",
            "offered": "", "outcome": ""}  # fmt: skip
    keys = {dataset.id: [planter.word() for _ in dataset.columns] for dataset in DATASETS}
    for month in (FIRST, SECOND):
        planter.in_faults.clear()  # the second month's extracts speak for both
        for dataset in DATASETS:
            if dataset.refused_whole:  # one word where none may be, and no run would go on
                texts = {"source": planter.word(), "entered_by": planter.word()}
                record = dict(RECORD[dataset.id]) | {"month": month} | texts
                write_sheets(
                    workspace.raw / month / f"{dataset.id}.xlsx", {"Records": [list(record), [*record.values()]]}
                )
                continue
            records = list(_records(planter, dataset.id, keys[dataset.id], month))
            if dataset.id in KEYS:
                column = BESIDE.get(dataset.id, "dob")
                kept = {KEYS[dataset.id]: corrected[dataset.id], column: wrong[dataset.id]}
                records.append(dict(RECORD[dataset.id]) | kept)
                records += [records[0], dict(records[0]) | {column: planter.word()}]  # repeated keys
            if dataset.id == "return_home_interviews":  # still missing, and so on a list of the service
                records.append(dict(RECORD[dataset.id]) | away)
            if month == FIRST and dataset.id == "placements":  # open, and then lost without an end
                records.append(dict(RECORD[dataset.id]) | {KEYS[dataset.id]: planter.word()})
            headers = list(dict.fromkeys(name for record in records for name in record))
            rows = [headers, *([record.get(name) for name in headers] for record in records)]
            for number in (2, 4, 5):
                rows[number] = [*rows[number], None, planter.word()]  # under no header
            write_sheets(workspace.raw / month / f"{dataset.id}.xlsx", {"Records": rows})
    entries = [
        _correction(dataset, {KEYS[dataset]: corrected[dataset]}, "dob", wrong[dataset], planter.word())
        for dataset in ("return_home_interviews",)
    ]
    (root / "corrections.toml").write_text("\n".join(entries), encoding="utf-8")
    return workspace, planter


def _records(planter: Planter, dataset_id: str, keys: list[str], month: str) -> Iterator[Record]:
    """A sound record, and one for each column with a word in it; a word names each record."""
    dataset = next(each for each in DATASETS if each.id == dataset_id)
    key = KEYS.get(dataset_id)
    yield dict(RECORD[dataset_id]) | ({key: keys[0]} if key else {"month": month})
    for number, column in enumerate(dataset.columns):
        named = {key: keys[number]} if key else {"month": f"{2000 + number}-01"}
        word = keys[number] if column.name == key else planter.word()
        if column.kind not in (Kind.ID, Kind.TEXT):
            planter.in_faults.append(word)
        yield dict(RECORD[dataset_id]) | named | {column.name: word}


def _correction(dataset: str, key: dict[str, str], column: str, wrong: str, right: str) -> str:
    named = ", ".join(f'{name} = "{value}"' for name, value in key.items())
    return (
        f'[[corrections]]\ndataset = "{dataset}"\nkey = {{ {named} }}\ncolumn = "{column}"\nfrom = "{wrong}"\n'
        f'to = "{right}"\nreason = "typed wrongly"\nby = "A. Analyst"\ndate = 2017-07-01\n'
    )


def plant_unreadable(root: Path) -> tuple[Workspace, Planter]:
    """Extracts that stop a run: no header, a wrong one, ragged rows, another encoding, a torn archive."""
    planter = Planter(2)
    workspace = make_workspace(root)
    folder = workspace.raw / FIRST
    folder.mkdir(parents=True)

    def words(rows: int, columns: int) -> list[list[str]]:
        return [[planter.word() for _ in range(columns)] for _ in range(rows)]

    no_header = "\n".join(",".join(row) for row in words(3, 8))
    (folder / "return_home_interviews.csv").write_text(no_header, encoding="utf-8")
    ragged = [",".join(RECORD["placements"]), *(",".join(row) for row in words(3, 5))]
    (folder / "placements.csv").write_text("\n".join(ragged), encoding="utf-8")
    other = [",".join(RECORD["workforce_monthly"]), *(f"{','.join(row)}é" for row in words(2, 3))]
    (folder / "workforce_monthly.csv").write_bytes("\n".join(other).encode("cp1252"))
    torn = folder / "social_workers.xlsx"
    book = Workbook()
    for row in words(4, 4):
        book.active.append(row)
    book.save(torn)
    torn.write_bytes(torn.read_bytes()[:-400])
    (workspace.raw / SECOND).mkdir()
    write_sheets(workspace.raw / SECOND / "social_workers.xlsx", {"A": words(3, 6), "B": words(3, 6)})
    quoted = [",".join(RECORD["placements"]), f'"{planter.word()}"{planter.word()},"{planter.word()}']
    (workspace.raw / SECOND / "placements.csv").write_text("\n".join(quoted), encoding="utf-8")
    lost = _correction(
        "placements", {"child_id": planter.word(), "started_on": "01/05/2017"}, "dob", planter.word(), ""
    )
    (root / "corrections.toml").write_text(lost, encoding="utf-8")
    return workspace, planter


def plant_wrong_corrections(root: Path) -> tuple[Workspace, Planter]:
    """A file of corrections with a word in every place where one can be wrong."""
    planter = Planter(3)
    workspace = make_workspace(root)
    word = planter.word
    sound = _correction("placements", {"child_id": word()}, word(), word(), word())
    entries = [
        sound,
        sound.replace("placements", word()),
        sound.replace("date = 2017-07-01", f'{word()} = "{word()}"'),
        sound.replace("2017-07-01", f'"{word()}"'),
        f'{sound}until = "{word()}"\n',
        sound.replace("key = {", f'key = {{ {word()} = "{word()}",'),
    ]
    (root / "corrections.toml").write_text("\n".join(entries), encoding="utf-8")
    return workspace, planter


def is_restricted(path: Path, workspace: Workspace) -> bool:
    """True for what may hold values: extracts, typed rows, the analyst's workbooks, declared and kept corrections."""
    parts = path.relative_to(workspace.root).parts
    analyst = parts[0] == "reports" and "analyst" in parts and path.suffix == ".xlsx"
    corrections = path.name == "corrections.toml" or parts[0] == "earlier_settings"
    checked = path == workspace.faults_to_correct
    return parts[:2] == ("data", "raw") or path.suffix == ".parquet" or analyst or corrections or checked


def texts_under(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """The content of every file, in lower case; of an archive, of each of its parts."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path, path.read_bytes().lower()
            if is_zipfile(path):
                with ZipFile(path) as archive:
                    yield path, b"".join(archive.read(name) for name in archive.namelist()).lower()


def leaks(workspace: Workspace, planter: Planter) -> list[str]:
    """The files outside the restricted places that hold a planted word."""
    found = ((path, text) for path, text in texts_under(workspace.root) if not is_restricted(path, workspace))
    return sorted({str(path) for path, text in found if holds(text, planter)})


def holds(text: bytes, planter: Planter) -> list[str]:
    """The planted words in a text."""
    lower = text.lower()
    return [word for word in planter.words if word.encode() in lower]
