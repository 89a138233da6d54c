"""A text is found in files of every format, by itself and not in a longer word; what cannot be searched is said."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from perfpipe.erase.search_files import TextSearch, UnsearchableError
from tests.binary_workbooks import encrypted, write_xlsb
from tests.builders import write_sheets

CHILD = "KQZX-77/41"  # names records of the fixture, too
FIXTURE = Path(__file__).parents[1] / "fixtures" / "person.xls"


def as_text(encoding: str) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_text(f"Call about {CHILD.lower()}, at once", encoding=encoding)
        return path

    return write


def as_xlsb(path: Path) -> Path:
    return write_xlsb(path, [["Child", "Place"], ["C1001", "North"], [CHILD, "South"], ["C1002", "West"]])


FILES: list[tuple[str, Callable[[Path], object]]] = [
    ("notes.txt", as_text("utf-8")),
    ("notes.csv", as_text("utf-16")),
    ("notes", as_text("utf-16-le")),
    ("big.txt", as_text("utf-16-be")),
    ("book.xlsx", lambda path: write_sheets(path, {"S": [["x", CHILD]]})),
    ("book.xlsb", as_xlsb),
    ("book.xls", lambda path: shutil.copy(FIXTURE, path)),
]


@pytest.mark.parametrize(("name", "write"), FILES, ids=lambda each: each if isinstance(each, str) else "")
def test_a_text_is_found_whatever_the_format(tmp_path: Path, name: str, write: Callable[[Path], object]) -> None:
    path = tmp_path / name
    write(path)
    assert TextSearch([CHILD]).is_in_file(path)
    assert not TextSearch([CHILD[:-1], f"{CHILD}2", "QZX-77/41", "nobody"]).is_in_file(path)


def test_a_workbook_with_a_password_is_not_taken_for_one_that_names_nobody(tmp_path: Path) -> None:
    path = encrypted(write_sheets(tmp_path / "book.xlsx", {"S": [["x", CHILD]]}), "Zebedee")
    with pytest.raises(UnsearchableError):
        TextSearch([CHILD]).is_in_file(path)
