"""What code and pages cite is in the repository: numbered definitions, files, paths and links."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from cyclopts import CycloptsError, MissingArgumentError

from perfpipe.cli.main import app

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
DEFINITIONS = (DOCS / "definitions.md").read_text(encoding="utf-8")
ENTRIES = re.findall(r'<a id="([^"]+)"></a>\*\*(\d+\.\d+) ', DEFINITIONS)
CITATION = re.compile(r"\bdefinitions(?:\.md)? (\d+\.\d+(?:(?:, | and | to )\d+\.\d+)*)", re.IGNORECASE)
CODE = sorted(path for room in ("src", "flows", "tests", "benchmarks") for path in (ROOT / room).rglob("*.py"))
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md"))]
OF_A_WORKSPACE = ("reports", "data", ".venv", "commentary", "earlier_commentary")


def words_of(path: Path) -> str:
    """The text of a file with its lines, and those of its comments, joined."""
    return re.sub(r"\s+(?:# )?", " ", path.read_text(encoding="utf-8"))


def cited_in(path: Path) -> set[str]:
    """The numbers that a file cites; of `3.3 to 3.15` the first and the last."""
    return {number for group in CITATION.findall(words_of(path)) for number in re.findall(r"\d+\.\d+", group)}


def test_definitions_are_numbered_once_and_in_order() -> None:
    assert [anchor for anchor, _ in ENTRIES] == [number for _, number in ENTRIES]
    places = [tuple(map(int, number.split("."))) for number, _ in ENTRIES]
    assert places == sorted(set(places))
    assert len(places) == len(re.findall(r"\*\*\d+\.\d+ ", DEFINITIONS))


@pytest.mark.slow
def test_every_definition_that_is_cited_is_on_the_page() -> None:
    known = {number for number, _ in ENTRIES}
    missing = {path.relative_to(ROOT).as_posix(): cited_in(path) - known for path in (*CODE, *PAGES)}
    assert {name: numbers for name, numbers in missing.items() if numbers} == {}
    assert set().union(*map(cited_in, CODE)) > {"1.4", "3.8", "4.5", "5.2", "7.1"}


@pytest.mark.slow
def test_code_cites_no_page_that_the_repository_lacks() -> None:
    known = {path.name for path in PAGES}
    named = {path: set(re.findall(r"[\w-]+\.md\b", path.read_text(encoding="utf-8"))) for path in CODE}
    assert {path.name: names - known for path, names in named.items() if names - known} == {}
    assert [path.name for path in CODE if re.search(r"\bruling \d", words_of(path))] == []


def anchors_of(page: Path) -> set[str]:
    """The places of a page that a link can lead to: headings, as GitHub writes them, and anchors."""
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings} | set(
        re.findall(r'<a id="([^"]+)">', text)
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        if not link.startswith("http") and not (target.exists() and (not anchor or anchor in anchors_of(target))):
            broken.append(link)
    assert broken == []


ROOTS = (ROOT, ROOT / "src", ROOT / "src" / "perfpipe")


def paths_in(page: Path) -> Iterator[str]:
    """The files and folders of the repository that a page names in code marks, by the folder they begin with."""
    for named in re.findall(r"`([\w.-]+/[\w./-]*)`", page.read_text(encoding="utf-8")):
        first = named.split("/")[0]
        if first not in OF_A_WORKSPACE and any((root / first).exists() for root in ROOTS):
            yield named


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=lambda page: page.name)
def test_paths_that_a_page_names_exist(page: Path) -> None:
    assert [name for name in paths_in(page) if not any((root / name).exists() for root in ROOTS)] == []


OF_A_FILE = {"perfpipe plan return"}  # in what is called so: the shape of the return's JSON


def commands_in(page: Path) -> Iterator[str]:
    """What a page says to type: in code marks, or on a line of a code block, without comments and redirections."""
    text = page.read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE))
    lines = re.findall(r"^(?: {4}(?:\.venv/bin/)?)?(perfpipe [a-z].*)$", blocks, re.MULTILINE)
    lines += re.findall(r"^ {4}(?:\.venv/bin/)?(perfpipe [a-z].*)$", text, re.MULTILINE)
    for command in (*re.findall(r"`(perfpipe [a-z][^`]*)`", text), *lines):
        yield re.split(r" +#| > |  ", command)[0]


def typed(command: str) -> list[str]:
    """The words after `perfpipe`, a month in place of one in angle brackets."""
    return shlex.split(command.replace("<month>", "2018-03"))[1:]


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=lambda page: page.name)
def test_commands_that_a_page_names_are_understood(page: Path) -> None:
    wrong = []
    for command in set(commands_in(page)) - OF_A_FILE:
        try:
            app.parse_args(typed(command), print_error=False, exit_on_error=False)
        except MissingArgumentError:  # only the command is named
            wrong += [command] if len(typed(command)) > 2 else []
        except CycloptsError:
            wrong.append(command)
    assert wrong == []
