"""The catalogue of rules: complete, and the only thing that settings can turn."""

from __future__ import annotations

import ast
import importlib
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import perfpipe
from perfpipe.datasets import DATASETS
from perfpipe.datasets.cross_checks import CROSS_CHECKS
from perfpipe.faults.fault import Address, Fault, fault_of
from perfpipe.faults.rule_catalogue import RULES, rule_lines
from perfpipe.faults.severity import judged
from perfpipe.rules.between import ROW_COUNT_MOVED
from perfpipe.rules.cells import DATE_UNREADABLE
from perfpipe.rules.rule import UNUSABLE, Rule, Severity
from perfpipe.settings.settings import Settings, SettingsError
from tests.builders import make_workspace

SOURCE = Path(perfpipe.__file__).parent
ROOM = {name: importlib.import_module(f"perfpipe.rules.{name}") for name in (
    "arrivals", "between", "cells", "commentary", "containers", "extracts", "tables", "typed_numbers",
)}  # fmt: skip
SHARED_WORDS = {"encoding", "file_name"}  # rules' ids that are keys of a layout too


def rules_stated() -> list[Rule]:
    """Every rule object of the room of rules, the variants of some cases included."""
    return [value for module in ROOM.values() for value in vars(module).values() if isinstance(value, Rule)]


def source_files(*but: str) -> Iterator[tuple[str, ast.Module]]:
    """The source of the package, apart from some of its rooms and modules."""
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if not name.startswith(but):
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def called(node: ast.AST) -> str:
    """The name of what a call calls; empty for anything else."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def test_the_room_of_rules_is_known_and_every_rule_of_it_is_in_the_catalogue() -> None:
    modules = {path.stem for path in (SOURCE / "rules").glob("*.py")} - {"__init__", "rule"}
    assert modules == set(ROOM)
    assert {rule.id for rule in rules_stated()} <= set(RULES)
    assert len(rules_stated()) > 90


def test_no_two_rules_have_one_id_and_variants_change_no_more_than_what_they_say() -> None:
    rules = [
        *(rule for rule in rules_stated() if RULES[rule.id] is rule),
        *(check.rule for dataset in DATASETS for check in dataset.checks),
        *(check.rule for check in CROSS_CHECKS),
    ]
    assert len({rule.id for rule in rules}) == len(rules) == len(RULES)
    for variant in (rule for rule in rules_stated() if RULES[rule.id] is not rule):
        rule = RULES[variant.id]
        assert replace(variant, severity=rule.severity, what_to_do=rule.what_to_do) == rule
        assert variant.what_to_do != rule.what_to_do
    milder = {variant.id for variant in rules_stated() if variant.severity is not RULES[variant.id].severity}
    assert milder == {"header_file", "date_order_unclear"}  # what can be used in part


@pytest.mark.slow
def test_a_fault_is_made_of_its_rule_in_one_place() -> None:
    made = [name for name, tree in source_files() for node in ast.walk(tree) if called(node) == "Fault"]
    assert made == ["faults/fault.py"]  # and the ledger gives stored ones back
    faults = ("fault_of", "replace")
    given = [
        (name, word.arg)
        for name, tree in source_files("rules/", "faults/severity.py")
        for node in ast.walk(tree)
        if called(node) in faults
        for word in node.keywords  # type: ignore[attr-defined]
        if word.arg in ("severity", "what_to_do", "defect")
    ]
    assert given == [
        ("read/turned_sheet.py", "what_to_do"),  # names a column as the source has it
        ("validate/cell_faults.py", "what_to_do"),  # of a column of Excel's formulas or errors: that of one such cell
        ("validate/make_reading.py", "what_to_do"),  # adds which layout was tried
    ]


@pytest.mark.slow
def test_a_rule_is_named_by_its_object() -> None:
    typed = [
        (name, node.value)
        for name, tree in source_files("rules/", "datasets/", "ledger/migrations/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value in RULES and node.value not in SHARED_WORDS
    ]
    assert typed == []


def test_what_a_fault_says_fills_in_its_rule_and_a_missing_or_odd_field_is_refused() -> None:
    at = Address("placements", "a.csv", row=3)
    made = fault_of(ROW_COUNT_MOVED, at, "9 records", share="25%", extract="0123456789ab")
    assert made.expected == "a number of records within 25% of the month before"
    assert made.what_to_do.endswith('with extract = "0123456789ab", rule = "row_count_moved" and a reason.')
    assert (made.rule, made.severity, made.row, made.defect) == ("row_count_moved", Severity.STOP, 3, "")
    with pytest.raises(ValueError, match=r"asks for \['extract', 'share'\], and is given \['extract'\]"):
        fault_of(ROW_COUNT_MOVED, at, "9 records", extract="0123456789ab")
    with pytest.raises(ValueError, match="is given"):
        fault_of(ROW_COUNT_MOVED, at, "9 records", extract="0123456789ab", share="25%", more="x")


def test_a_fault_that_marks_a_defect_leaves_the_row_out() -> None:
    at = Address("placements", "a.csv", row=3)
    words = {"expected": "a date", "remedy": "", "until_then": ""}
    assert fault_of(DATE_UNREADABLE, at, "AAA, text", **words).severity is Severity.WARN
    left_out = fault_of(DATE_UNREADABLE, at, "AAA, text", UNUSABLE, **words)
    assert (left_out.severity, left_out.defect) == (Severity.EXCLUDE, "*")
    with pytest.raises(ValueError, match="marks a defect"):
        replace(DATE_UNREADABLE, defect=UNUSABLE)
    with pytest.raises(ValueError, match="marks a defect"):
        replace(DATE_UNREADABLE, severity=Severity.EXCLUDE)


def test_rules_about_rows_say_the_same_in_the_guide_and_in_a_fault() -> None:
    checks = [check.rule for dataset in DATASETS for check in dataset.checks] + [c.rule for c in CROSS_CHECKS]
    assert [rule.id for rule in checks if rule.fields] == []


def test_the_default_is_among_what_a_rule_may_be_and_what_cannot_be_used_stays() -> None:
    for rule in RULES.values():
        assert rule.severity == rule.may_be[0]
        assert len(set(rule.may_be)) == len(rule.may_be)
    assert RULES["column_missing"].may_be == ("stop",)
    assert RULES["equal_claim"].may_be == ("stop",)
    assert RULES["interview_before_found"].may_be == ("exclude", "stop")
    assert RULES["offered_blank"].may_be == ("warn", "stop", "info")


def test_the_list_names_every_rule() -> None:
    lines = "\n".join(rule_lines())
    assert all(f"{rule.id} (" in lines and rule.meaning in lines for rule in RULES.values())


def settings_of(tmp_path: Path, text: str) -> Settings:
    return make_workspace(tmp_path, f'[authority]\nname = "X"\n{text}').settings()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('[severities]\nrow_count_move = "warn"', 4, "did you mean row_count_moved"),
        ('[severities]\nrow_count_moved = "loud"', 4, "expected stop or warn or info"),
        ('[severities]\ncolumn_missing = "warn"', 4, "what it finds cannot be used; expected stop"),
        ('[severities]\ninterview_before_found = "warn"', 4, "leaves rows out of figures"),
        ('[severities]\noffered_blank = "off"', 4, "must stay visible"),
        ('[severities]\nx = "warn"', 4, "`perfpipe rules` lists them"),
        ('[[accepted]]\nextract = "0123456789ab"\nrule = "equal_claim"\nreason = "x"', 5, "cannot be accepted"),
        ('[[accepted]]\nextract = "0123456789ab"\nrule = "same_record"\nreason = "x"', 5, "did you mean same_records"),
        ('[[accepted]]\nextract = "01234"\nrule = "same_records"\nreason = "x"', 4, "pattern"),
        ('[[accepted]]\nextract = "0123456789ab"\nrule = "same_records"\nreason = ""', 6, "at least 1 character"),
        ('[arrivals]\nrow_count_share = 0', 4, "greater than 0"),
        ('[arrivals]\nmay_be_empty = "placement"', 4, "no dataset 'placement'"),
        ('[[layouts.placements]]\nname = "l"\nfiles = ["../x.csv"]\ncolumns = {}', 5, "without folders"),
        ('[[layouts.placements]]\nname = "l"\nfiles = ["a\\\\b.csv"]\ncolumns = {}', 5, "without folders"),
    ],
)  # fmt: skip
def test_wrong_settings_are_told_with_line_and_what_is_expected(
    text: str, line: int, words: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError) as error:
        settings_of(tmp_path, text)
    (problem,) = [p for p in error.value.problems if "perfpipe.toml" in p][:1]
    assert f"line {line}:" in problem
    assert words in problem


def fault(rule: str, severity: Severity) -> Fault:
    return Fault("placements", "f.csv", "", 2, "", rule, severity, "", "", "mend it")


@pytest.mark.parametrize(
    ("rule", "default", "setting", "becomes"),
    [
        ("not_followed_up", Severity.WARN, "stop", Severity.STOP),
        ("row_count_moved", Severity.STOP, "info", Severity.INFO),
        ("totals_row", Severity.INFO, "off", None),
        ("date_unreadable", Severity.WARN, "info", Severity.INFO),
        ("date_unreadable", Severity.EXCLUDE, "info", Severity.EXCLUDE),  # the row is left out all the same
        ("date_unreadable", Severity.EXCLUDE, "stop", Severity.STOP),
        ("fte_blank", Severity.EXCLUDE, "stop", Severity.STOP),
    ],
)
def test_a_severity_can_be_set(
    rule: str, default: Severity, setting: str, becomes: Severity | None, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path, f'[severities]\n{rule} = "{setting}"')
    assert [f.severity for f in judged([fault(rule, default)], settings)] == ([becomes] if becomes else [])
    other = fault("key_repeated", Severity.WARN)
    assert judged([other], settings) == [other]


def test_an_accepted_fault_warns_for_its_extract_alone_and_says_why(tmp_path: Path) -> None:
    text = '[[accepted]]\nextract = "0123456789ab"\nrule = "row_count_moved"\nreason = "a second team since May"'
    settings = settings_of(tmp_path, text)
    moved, same = fault("row_count_moved", Severity.STOP), fault("same_records", Severity.STOP)
    (now,) = judged([moved], settings, "0123456789abcdef")
    assert (now.severity, now.what_to_do) == (Severity.WARN, "Accepted in perfpipe.toml: a second team since May")
    assert judged([moved], settings, "f123456789abcdef") == [moved]
    assert judged([same], settings, "0123456789abcdef") == [same]


def test_the_examples_of_the_runbook_are_settings(tmp_path: Path) -> None:
    runbook = (Path(__file__).parents[2] / "docs" / "runbook.md").read_text(encoding="utf-8")
    block = runbook.split("In `perfpipe.toml`:")[1].split("A rule about rows")[0]
    settings = settings_of(tmp_path, textwrap.dedent(block.strip("\n")))
    assert settings.severities == {"not_followed_up": "stop", "column_moved": "off"}
    assert settings.arrivals.may_be_empty == ("return_home_interviews",)
    assert settings.accepted[0].rule == "row_count_moved"
