"""The identity of source: all that can be reached counts, and nothing that changes no result."""

from __future__ import annotations

import ast
import importlib.metadata
import sys
from collections.abc import Mapping
from pathlib import Path

import grimp
import pytest

from perfpipe import quarterly_return, source_code
from perfpipe.compute import figure_cache
from perfpipe.job import fingerprint
from perfpipe.source_code import DISTRIBUTIONS, SourceCode, own_source, source_of
from perfpipe.validate import reading_cache
from tests.source_copy import SourceCopy

READINGS, FIGURES = (reading_cache.MADE_BY,), figure_cache.MADE_BY
RUN, RETURN = (fingerprint.MADE_BY,), (quarterly_return.MADE_BY,)
CHILD_PROCESSES = {  # the module that starts one, and what it runs
    "perfpipe.read.child_process": "perfpipe.read.formats.worker",
    "perfpipe.packs.charts.drawing_processes": "perfpipe.packs.charts.drawing_processes",
    "perfpipe.packs.pdf.board_pdf": "perfpipe.packs.pdf.typesetting",
}


def tree_of(text: str) -> str:
    return source_of(text.encode()).tree


def imports_of(text: str) -> list[str]:
    return source_of(text.encode()).imports


# -- One file ----------------------------------------------------------------------------------------------------

CODE = '''
"""What the module is for."""

LIMIT = 4


class Place:
    """A place."""

    name: str = "here"


def near(place):
    """Whether it is near."""
    return len(place.name) < LIMIT
'''


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""What the module is for."""', '"""Said otherwise."""'),
        ('"""What the module is for."""\n', ""),
        ('"""A place."""', '"""A place, and more of it."""'),
        ('    """Whether it is near."""\n', ""),
        ("LIMIT = 4", "LIMIT = 4  # so far"),
        ("LIMIT = 4", "LIMIT = (\n    4\n)"),
        ('"here"', "'here'"),
    ],
)
def test_words_for_readers_and_form_do_not_count(old: str, new: str) -> None:
    assert CODE.count(old) == 1
    assert tree_of(CODE.replace(old, new)) == tree_of(CODE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("LIMIT = 4", "LIMIT = 5"),
        ('"here"', '"there"'),
        ("< LIMIT", "<= LIMIT"),
        ("name: str", "name: object"),
        ('name: str = "here"', 'name: str = "here"\n    "a text that is no docstring"'),
        ("def near(place)", "async def near(place)"),
    ],
)
def test_everything_else_counts(old: str, new: str) -> None:
    assert CODE.count(old) == 1
    assert tree_of(CODE.replace(old, new)) != tree_of(CODE)


def test_every_import_is_seen_but_those_for_type_checking() -> None:
    assert imports_of("import a.b, c as d\nfrom e.f import g, h as i\nfrom j import *\n") == [
        "a.b", "c", "e.f.g", "e.f.h", "j.*",
    ]  # fmt: skip
    assert imports_of("def late():\n    try:\n        import a\n    except ImportError:\n        from b import c") == [
        "a",
        "b.c",
    ]
    checking = "{}\n    import a\n{}:\n    import b\n"
    assert imports_of(checking.format("if TYPE_CHECKING:", "else")) == ["b"]
    assert imports_of(checking.format("if typing.TYPE_CHECKING:", "elif b")) == ["b"]
    assert imports_of(checking.format("if not TYPE_CHECKING:", "else")) == ["a", "b"]


def test_a_text_that_names_a_module_of_the_package_is_an_import() -> None:
    start = 'Popen([sys.executable, "-P", "-m", "perfpipe.read.worker"])'
    assert imports_of(start) == ["perfpipe.read.worker"]
    assert imports_of('print("see perfpipe.read.worker")\nname = "perfpipe"\n') == []


def test_a_relative_import_is_refused() -> None:
    with pytest.raises(ValueError, match="line 2: a relative import"):
        source_of(b"import a\nfrom . import b\n")


# -- A small package ---------------------------------------------------------------------------------------------

SMALL = {
    "__init__.py": "",
    "start.py": "from perfpipe.room import tool\nfrom perfpipe.far import thing\n",
    "far.py": "def thing():\n    from perfpipe.helper import HELP\n    return HELP\n",
    "helper.py": "import perfpipe.start\nHELP = 1\n",  # a circle
    "room/__init__.py": "from perfpipe.face import known\n",
    "room/tool.py": 'import json\nimport PIL\nCHILD = "perfpipe.child"\n',
    "child.py": "from perfpipe.face import *\n",
    "face.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from perfpipe.typed import Kind\nknown = 1\n",
    "typed.py": "Kind = int\n",
    "alone.py": "",
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A package of ten modules, eight of which can be reached from `perfpipe.start`."""
    root = tmp_path / "perfpipe"
    for file, text in SMALL.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text, encoding="utf-8")
    return root


def test_what_is_reached(small: Path) -> None:
    names = ["child", "face", "far", "helper", "room", "room.tool", "start"]
    found = SourceCode(small).reachable("perfpipe.start")
    assert sorted(found) == ["perfpipe", *(f"perfpipe.{name}" for name in names)]
    assert set(SourceCode(small).reachable("perfpipe.alone", "perfpipe.typed")) == {
        "perfpipe", "perfpipe.alone", "perfpipe.typed",
    }  # fmt: skip
    assert SourceCode(small).libraries("perfpipe.start") == {"pillow": importlib.metadata.version("pillow")}


def test_an_entry_that_is_not_there_is_refused(small: Path) -> None:
    with pytest.raises(ModuleNotFoundError, match=r"perfpipe\.begin"):
        SourceCode(small).identity("perfpipe.start", "perfpipe.begin")


@pytest.mark.parametrize("file", sorted(SMALL))
def test_the_identity_changes_with_what_is_reached_alone(small: Path, file: str) -> None:
    before = SourceCode(small).identity("perfpipe.start")
    path = small / file
    path.write_text(f"{SMALL[file]}# a comment\n", encoding="utf-8")
    assert SourceCode(small).identity("perfpipe.start") == before
    path.write_text(f"{SMALL[file]}more = 1\n", encoding="utf-8")
    assert (SourceCode(small).identity("perfpipe.start") == before) == (file in ("typed.py", "alone.py"))


def test_the_same_code_in_another_module_is_another(small: Path) -> None:
    before = SourceCode(small).identity("perfpipe.start")
    (small / "helper.py").rename(small / "helpers.py")
    (small / "far.py").write_text(SMALL["far.py"].replace("helper", "helpers"), encoding="utf-8")
    assert SourceCode(small).identity("perfpipe.start") != before


# -- Libraries and Python ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_another_version_of_a_library_is_another_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    def identities() -> list[str]:
        source = SourceCode(source_code.PACKAGE)
        return [source.identity(*entries) for entries in (READINGS, FIGURES, RUN)]

    def newer(name: str) -> list[bool]:
        """Of readings, figures and packs, which are made again with a newer version of a library."""
        version = importlib.metadata.version
        with monkeypatch.context() as patch:
            patch.setattr(importlib.metadata, "version", lambda asked: f"{version(asked)}{'.1' * (asked == name)}")
            return [now != then for now, then in zip(identities(), before, strict=True)]

    before = identities()
    assert newer("scipy") == [False, False, False]
    assert newer("pandas") == [True, True, True]
    assert newer("holidays") == [True, True, True]
    assert newer("tzdata") == [True, True, True]
    assert newer("python-calamine") == [True, False, True]  # in the process that reads
    assert newer("typst") == [False, False, True]  # in the process that draws


def test_another_python_is_another_identity(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = SourceCode(small).identity("perfpipe.start")
    monkeypatch.setattr(sys, "version_info", type("Version", (), {"major": 3, "minor": 99}))
    assert SourceCode(small).identity("perfpipe.start") != before


@pytest.mark.slow
def test_every_library_that_is_imported_is_known_by_its_distribution() -> None:
    declared = importlib.metadata.packages_distributions()
    everything = [f"perfpipe.{path.stem}" for path in source_code.PACKAGE.glob("[a-z]*.py")]
    sources = own_source().reachable(*everything, "perfpipe.cli.main", "perfpipe.ledger.migrations.env")
    imported = {name.partition(".")[0] for source in sources.values() for name in source.imports}
    libraries = imported - sys.stdlib_module_names - {"perfpipe", "perfpipe_sample"}
    assert {"PIL", "alembic", "cyclopts", "msoffcrypto", "pandas", "pydantic", "sqlalchemy"} <= libraries
    for name in libraries:
        assert DISTRIBUTIONS.get(name, name) in {each.casefold() for each in declared[name]}, name
    assert set(DISTRIBUTIONS) - {"zoneinfo"} <= libraries


# -- The store of what was parsed --------------------------------------------------------------------------------


def refuse(_: bytes) -> None:
    raise AssertionError("parsed")


def store_of(package: Path) -> Path:
    return next((package / "__pycache__").glob("source_code.*.json"))


def test_a_file_is_parsed_once_for_all_processes(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = SourceCode(small).identity("perfpipe.start")
    monkeypatch.setattr(source_code, "source_of", refuse)
    assert SourceCode(small).identity("perfpipe.start") == before
    (small / "far.py").write_text(SMALL["far.py"] + "more = 1\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="parsed"):
        SourceCode(small).identity("perfpipe.start")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"made_by": "other", "files": {}}', b"\xff"])
def test_a_store_that_is_damaged_or_of_another_version_does_not_count(small: Path, content: bytes) -> None:
    before = SourceCode(small).identity("perfpipe.start")
    whole = store_of(small).read_bytes()
    store_of(small).write_bytes(content)
    assert SourceCode(small).identity("perfpipe.start") == before
    assert store_of(small).read_bytes() == whole


def test_what_was_stored_by_another_version_of_this_module_is_not_used(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SourceCode(small).identity("perfpipe.start")
    monkeypatch.setattr(source_code, "_own_hash", lambda: "another")
    monkeypatch.setattr(source_code, "source_of", refuse)
    with pytest.raises(AssertionError, match="parsed"):
        SourceCode(small).identity("perfpipe.start")


def test_a_folder_that_cannot_be_written_does_no_harm(small: Path) -> None:
    before = SourceCode(small).identity("perfpipe.start")
    store_of(small).unlink()
    (small / "__pycache__").rmdir()
    (small / "__pycache__").write_text("a file where the folder should be")
    assert SourceCode(small).identity("perfpipe.start") == before


def test_the_store_does_not_grow_for_ever(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_code, "MOST_STORED", 12)
    sizes = []
    for number in range(20):
        (small / "far.py").write_text(f"{SMALL['far.py']}more = {number}\n", encoding="utf-8")
        SourceCode(small).identity("perfpipe.start")
        sizes.append(store_of(small).stat().st_size)
    assert sizes[0] < max(sizes) < 3 * sizes[0]


# -- perfpipe itself ---------------------------------------------------------------------------------------------


def with_packages(name: str) -> set[str]:
    parts = name.split(".")
    return {".".join(parts[:number]) for number in range(1, len(parts) + 1)}


def test_nothing_that_is_reachable_is_missing() -> None:
    """Compared with the graph of imports that import-linter makes, and what starts which child process."""
    graph = grimp.build_graph("perfpipe", exclude_type_checking_imports=True, cache_dir=None)
    for entries in (READINGS, FIGURES, RUN, (*RETURN, *RUN)):  # a return asks for the identity of runs, by its name
        expected: set[str] = set()
        waiting = set(entries)
        while waiting:
            name = waiting.pop()
            expected.add(name)
            then = graph.find_modules_directly_imported_by(name) | with_packages(name)
            waiting |= (then | {CHILD_PROCESSES.get(name, name)}) - expected
        assert set(own_source().reachable(*entries)) == expected


def test_what_is_read_in_child_processes_is_reached() -> None:
    texts = {
        (name, text): target
        for name, target in CHILD_PROCESSES.items()
        for text in own_source().reachable(name)[name].imports
        if text == target
    }
    assert set(texts.values()) == set(CHILD_PROCESSES.values())
    assert {"perfpipe.read.formats.worker", "perfpipe.read.formats.opendocument"} <= set(
        own_source().reachable(*READINGS)
    )
    assert {"perfpipe.packs.charts.draw", "perfpipe.packs.charts.canvas"} <= set(own_source().reachable(*RUN))


def test_readings_do_not_depend_on_measures_and_runs_not_on_commands_or_the_sample() -> None:
    def rooms(*entries: str) -> set[str]:
        return {name.split(".")[1] for name in own_source().reachable(*entries) if "." in name}

    assert not rooms(*READINGS) & {"measures", "compute", "assess", "packs", "publish", "cli", "plan"}
    assert not rooms(*FIGURES) & {"assess", "packs", "publish", "cli", "receive"}
    assert not rooms(*RUN) & {"cli", "check", "questions", "__main__"}
    for source in own_source().reachable(*RUN, *RETURN).values():
        assert not any(name.startswith("perfpipe_sample") for name in source.imports)


HIDDEN = {  # what would make the source of a module count for less than it does
    "__doc__": "docstrings are not part of the identity",
    "getdoc": "docstrings are not part of the identity",
    "getsource": "comments are not part of the identity",
    "import_module": "the walk cannot see what it imports",
    "__import__": "the walk cannot see what it imports",
    "runpy": "the walk cannot see what it runs",
    "exec": "the walk cannot see what it runs",
    "eval": "the walk cannot see what it runs",
    "entry_points": "the walk cannot see what it imports",
    "__file__": "files elsewhere are not part of the identity",
    "resources": "files elsewhere are not part of the identity",
}
ALLOWED = {
    ("perfpipe.source_code", "__file__"): "it reads the source",
    ("perfpipe.measures.where_defined", "__file__"): "it says where a mistake stands; nothing is made of it",
    ("perfpipe.packs.pdf.board_pdf", "__file__"): "its templates are files beside it, which are part of the identity",
    ("perfpipe.packs.web.board_page", "__file__"): "so are its templates",
    ("perfpipe.packs.charts.letters", "__file__"): "its fonts are files of its package, which are part of the identity",
    ("perfpipe.ledger.migrations", "__file__"): "Alembic runs the revisions there; `ledger.REVISION` names the newest",
}


def hidden_in(text: str) -> set[str]:
    """The names in a source by which it could use what its identity does not cover."""
    used: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        names: Mapping[type, str] = {ast.Name: "id", ast.Attribute: "attr", ast.alias: "name"}
        name = getattr(node, names.get(type(node), ""), None) if type(node) in names else None
        text_of = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
        used |= {each for each in HIDDEN if each in ((name or "").split(".")) or text_of == each}
    return used


@pytest.mark.soak
@pytest.mark.slow
def test_nothing_that_is_run_or_printed_escapes_the_identity() -> None:
    found = set()
    source = own_source()
    for name in source.reachable(*RUN, *RETURN):
        found |= {(name, used) for used in hidden_in(source._files[name].read_text(encoding="utf-8"))}
    assert found == set(ALLOWED)


@pytest.mark.parametrize(
    "text",
    [
        "print(draw.__doc__)",
        "print(__doc__)",
        "inspect.getdoc(draw)",
        "getattr(draw, '__doc__')",
        "from inspect import getdoc",
        "importlib.import_module(name)",
        "import runpy",
    ],
)
def test_what_escapes_the_identity_is_found(text: str) -> None:
    assert hidden_in(text)


CHANGES = [  # file, old, new, and whether readings, figures and packs are made again
    ("validate/months_covered.py", r"last_(\d+)_months", r"last_(\d\d?)_months", "yes", "no", "yes"),
    ("validate/make_reading.py", "def make_reading(", "UNUSED = 1\n\n\ndef make_reading(", "yes", "no", "yes"),
    ("read/formats/worker.py", "(0.5, 1,", "(0.4, 1,", "yes", "no", "yes"),
    ("measures/interview_view.py", "INTERVIEW_HOURS = 72", "INTERVIEW_HOURS = 71", "no", "yes", "yes"),
    ("dates/working_days.py", 'subdiv="ENG"', 'subdiv="WLS"', "yes", "yes", "yes"),
    ("packs/wording/numbers.py", '"at most"', '"up to"', "no", "no", "yes"),
    ("packs/charts/draw.py", "BESIDE, ABOVE = 8.0", "BESIDE, ABOVE = 9.0", "no", "no", "yes"),
    ("measures/interview_view.py", "INTERVIEW_HOURS = 72", "INTERVIEW_HOURS = 72  # 3 days", "no", "no", "no"),
    ("validate/months_covered.py", '"""Which months', '"""The months that', "no", "no", "no"),
    ("packs/charts/draw.py", '"""Draw a measure', '"""Draw any measure', "no", "no", "no"),
    ("packs/pdf/board_pack.typ", "23pt", "22pt", "no", "no", "yes"),
    ("cli/words.py", "WRONG_USE, INTERNAL, HELD", "WRONG, INTERNAL, HELD", "no", "no", "no"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("file", "old", "new", "readings", "figures", "packs"), CHANGES)
def test_what_a_change_makes_again(
    source: SourceCopy, file: str, old: str, new: str, readings: str, figures: str, packs: str
) -> None:
    before = [source.identity(*entries) for entries in (READINGS, FIGURES, RUN)]
    source.edit(file, old, new)
    after = [source.identity(*entries) for entries in (READINGS, FIGURES, RUN)]
    changed = ["no" if now == then else "yes" for now, then in zip(after, before, strict=True)]
    assert changed == [readings, figures, packs]
