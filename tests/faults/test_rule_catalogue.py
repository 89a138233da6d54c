"""The catalogue of rules: complete, and the only thing that settings can turn."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

import perfpipe
from perfpipe.datasets import DATASETS
from perfpipe.datasets.cross_checks import CROSS_CHECKS
from perfpipe.datasets.definition import Severity
from perfpipe.faults.fault import Fault
from perfpipe.faults.rule_catalogue import RULES, rule_lines
from perfpipe.faults.severity import judged
from perfpipe.settings.settings import Settings, SettingsError
from tests.builders import make_workspace

SOURCE = Path(perfpipe.__file__).parent
# where the calls that name a rule have its id: by position, unless it is given as `rule=`
POSITIONS = {
    "Fault": 5, "stop": 2, "arrival_fault": 1, "_fault": 1, "_column_fault": 2, "_cell_fault": 4, "Unreadable": 0,
    "Refused": 0, "Bad": 0, "local_time": 2, "Rule": 0, "cls": 0,
}  # fmt: skip


def texts(node: ast.expr) -> Iterator[str]:
    """The texts that an expression can be: itself, or both branches of a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)


def named_in_source() -> dict[str, str]:
    """Every rule id that the source gives to a fault, with the file that does."""
    named: dict[str, str] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        if "sample" in path.parts or "measures" in path.parts or "packs" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            given = [word.value for word in node.keywords if word.arg == "rule"]
            place = POSITIONS.get(name)
            if not given and place is not None and len(node.args) > place:
                given = [node.args[place]]
            named |= {text: path.name for value in given for text in texts(value)}
    return named


def test_every_rule_of_the_source_is_in_the_catalogue() -> None:
    named = named_in_source()
    assert len(named) > 50  # the search finds what it is meant to find
    assert {rule: file for rule, file in named.items() if rule not in RULES} == {}


def test_every_rule_of_the_catalogue_is_in_the_source() -> None:
    source = "".join(p.read_text(encoding="utf-8") for p in SOURCE.rglob("*.py") if p.name != "rules.py")
    own = {rule.id for dataset in DATASETS for rule in dataset.rules}  # some are named by their column
    own |= {check.id for check in CROSS_CHECKS}
    assert [rule for rule in RULES if f'"{rule}"' not in source and rule not in own] == []


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
        ('[[accepted]]\nextract = "0123456789ab"\nrule = "equal_claim"\nreason = "x"', 5, "cannot be let pass"),
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
