"""Odd, old, damaged and hostile workbooks: each is refused with a reason, or its cells are those of a second engine."""

from __future__ import annotations

import math
import re
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from perfpipe.cli.new_workspace import write_workspace
from perfpipe.datasets import BY_ID
from perfpipe.read.child_process import Parser, Unreadable
from perfpipe.read.raw_cells import RawSheet
from perfpipe.read.read_file import read_file
from tests.builders import standard
from tests.conftest import REAL_DATA
from tests.second_engines import second_reading

FOLDER = REAL_DATA / "odd_workbooks"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="no odd workbooks: they are not part of the repository"),
]


def cells_of(sheet: RawSheet) -> dict[tuple[int, int], tuple[str, object]]:
    return {
        (row, column): ("n", float(text)) if kind == "n" else (kind, text)
        for column, cells in enumerate(sheet.columns)
        for row, (kind, text) in enumerate(cells)
        if kind != "-"
    }


def difference(ours: tuple[str, object], theirs: tuple[str, object]) -> str:
    """The rule that explains two readings of a cell; empty if they are the same, `unexplained` if nothing does."""
    kinds, (_, a), (_, b) = ours[0] + theirs[0], ours, theirs
    if ours == theirs or kinds == "TT":
        return ""
    if kinds == "nn" and math.isclose(a, b, rel_tol=1e-14):
        return ""
    if kinds in ("dD", "DD") and f"{a} 00:00:00"[:19] == b:
        return ""
    if kinds in ("dn", "Dn") and math.isclose(_serial(str(a)), float(str(b)), abs_tol=1 / 86_000):
        return "date_as_serial_number"  # of the engines that do not look at formats
    if kinds == "Tn":
        return "time_as_serial_number"
    if kinds == "tt" and _text(str(a)) == _text(str(b)):
        return "line_breaks_and_escapes"  # _x000D_ is a carriage return
    if kinds == "-f":
        return "formula_that_gives_empty_text"  # t="str" and an empty value
    return "unexplained"


def _serial(text: str) -> float:
    return (datetime.fromisoformat(text) - datetime(1899, 12, 30)).total_seconds() / 86_400


def _text(text: str) -> str:
    return re.sub(r"_x000[dD]_|\r", "", text)


def outcome_of(path: Path, parser: Parser) -> tuple[str, str, Counter[str]]:
    """What became of a file: refused (and why) or read (and by whom too), and how its cells differ."""
    try:
        sheets = parser.sheets(path, path.name)
    except Unreadable as refused:
        told = all((refused.rule.id, refused.detail, refused.rule.what_to_do))
        return "refused", refused.rule.id if told else "without a reason", Counter()
    engine, theirs = second_reading(path)
    ours = {sheet.name: cells_of(sheet) for sheet in sheets}
    found: Counter[str] = Counter()
    for name in ours.keys() | theirs.keys():
        mine, other = ours.get(name, {}), theirs.get(name, {})
        for place in mine.keys() | other.keys():
            found[difference(mine.get(place, ("-", "")), other.get(place, ("-", "")))] += 1
    return "read", f"as {engine} does", found


@pytest.mark.soak
def test_each_is_refused_with_a_reason_or_read_as_a_second_engine_reads_it(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("xlrd", reason="xlrd, a development dependency, is not installed")
    pytest.importorskip("pyxlsb", reason="pyxlsb, a development dependency, is not installed")
    table: Counter[tuple[str, str, str]] = Counter()
    rules: Counter[str] = Counter()
    slowest, unexplained = 0.0, []
    files = sorted(path for path in FOLDER.rglob("*") if path.is_file())
    with Parser() as parser:
        for path in files:
            began = time.monotonic()
            outcome, why, found = outcome_of(path, parser)
            slowest = max(slowest, time.monotonic() - began)
            table[path.suffix, outcome, why] += 1
            rules += found
            if found["unexplained"]:
                unexplained.append(f"{path.name}: {found['unexplained']} cells")
    with capsys.disabled():
        print(f"\n{len(files)} odd workbooks, the slowest in {slowest:.1f} s")
        for (suffix, outcome, why), count in sorted(table.items()):
            print(f"  {suffix:6} {outcome:8} {why:28} {count:4}")
        for rule, count in rules.most_common():
            print(f"  {count:7} cells {rule or 'alike'}")
    assert unexplained == []
    assert not any(why in ("parser_died", "too_slow", "without a reason") for _, _, why in table)
    assert sum(table.values()) == len(files) >= 193


@pytest.mark.soak
@pytest.mark.parametrize("dataset", ["placements", "return_home_interviews"])
def test_by_a_layout_that_none_has_each_stops_with_one_fault(dataset: str) -> None:
    with Parser() as parser:
        for path in (path for path in FOLDER.rglob("*") if path.is_file()):
            table = read_file(path, path.name, BY_ID[dataset], standard(dataset), parser)
            assert (table.rows, table.columns, len(table.faults)) == ([], {}, 1), path
            assert table.faults[0].rule not in ("parser_died", "too_slow"), path


@pytest.mark.soak
def test_perfpipe_check_says_one_line_a_file_and_ends_with_1(tmp_path: Path) -> None:
    write_workspace(tmp_path, "local")
    settings = tmp_path / "perfpipe.toml"
    columns = "\n".join(f'{name} = "The {name}"' for name in ("worker_id", "contract", "fte", "started_on", "left_on"))
    layout = f'[[layouts.social_workers]]\nname = "odd"\nfiles = ["*"]\n[layouts.social_workers.columns]\n{columns}\n'
    settings.write_text(settings.read_text(encoding="utf-8") + "\n" + layout, encoding="utf-8")
    files = [path for path in FOLDER.rglob("*") if path.is_file()]
    folder = tmp_path / "data" / "raw" / "2017-04"
    folder.mkdir(parents=True)
    for path in files:
        (folder / path.name).write_bytes(path.read_bytes())
    command = [sys.executable, "-m", "perfpipe", "check", "--workspace", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    head, *lines = done.stdout.splitlines()
    assert head.endswith(f"{len(files)} faults, {len(files)} stopping the run")
    assert (done.returncode, len(lines)) == (1, len(files))
    assert all(line.startswith("stop: 2017-04/") for line in lines)
    assert "Traceback" not in done.stdout + done.stderr
