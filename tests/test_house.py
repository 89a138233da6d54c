"""The house stays as it is laid out: sizes, names of classes, faces of rooms, tests that mirror the rooms."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"
LONGEST_MODULE, LONGEST_FUNCTION = 250, 40  # lines
MIGRATIONS = "perfpipe/ledger/migrations/"  # each says once what a table was, however long that is
PARTICIPLES = {
    "Checked", "Chosen", "Compared", "Computed", "Drawn", "Found", "Given", "Held", "Judged", "Kept", "Known", "Made",
    "Met", "Named", "Read", "Reported", "Seen", "Sent", "Shown", "Told", "Used", "Whole",
}  # fmt: skip
FACES_THAT_HAND_ON = {"perfpipe/datasets", "perfpipe/measures", "perfpipe/plan", "perfpipe_sample"}
FACES_WITH_MORE = {"perfpipe", "perfpipe/ledger/migrations"}  # the version; how a ledger is brought up to date
NOT_ROOMS = {"flows", "mutations", "sample"}  # folders of tests


@cache
def modules() -> dict[str, ast.Module]:
    paths = sorted(SOURCE.rglob("*.py"))
    assert len(paths) > 200
    return {path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def of_kind(*kinds: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    for name, tree in modules().items():
        yield from ((name, node) for node in ast.walk(tree) if isinstance(node, kinds))


def class_names() -> list[str]:
    return [node.name for _, node in of_kind(ast.ClassDef) if isinstance(node, ast.ClassDef)]


@pytest.mark.slow
def test_no_module_is_long() -> None:
    lines = {name: len((SOURCE / name).read_text(encoding="utf-8").splitlines()) for name in modules()}
    assert {name: number for name, number in lines.items() if number > LONGEST_MODULE} == {}


@pytest.mark.slow
def test_no_function_is_long() -> None:
    found = {
        f"{name} {node.name}"
        for name, node in of_kind(ast.FunctionDef, ast.AsyncFunctionDef)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
        and not name.startswith(MIGRATIONS)
    }
    assert found == set()


def test_no_two_classes_have_one_name() -> None:
    assert [name for name, number in Counter(class_names()).items() if number > 1] == []


def test_classes_are_named_by_nouns() -> None:
    assert [name for name in class_names() if name.lstrip("_") in PARTICIPLES] == []


def test_the_face_of_a_room_holds_its_sentence_and_no_import() -> None:
    for name, tree in modules().items():
        room, _, file = name.rpartition("/")
        if file != "__init__.py":
            continue
        sentence = ast.get_docstring(tree) or ""
        assert sentence.endswith("."), name
        if room not in FACES_THAT_HAND_ON | FACES_WITH_MORE:
            assert len(tree.body) == 1, f"{name}: more than its sentence"
            assert "\n" not in sentence, name


def test_the_tests_mirror_the_rooms() -> None:
    rooms = {path.name for path in (SOURCE / "perfpipe").iterdir() if (path / "__init__.py").exists()}
    folders = {path.name for path in (ROOT / "tests").iterdir() if list(path.glob("test_*.py"))}
    assert folders - NOT_ROOMS <= rooms
    assert {"read", "validate", "reconcile", "compute", "assess", "publish"} <= folders
