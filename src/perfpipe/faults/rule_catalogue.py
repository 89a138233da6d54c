"""Every rule by its id, and to what the settings may change its severity."""

from __future__ import annotations

import difflib

from perfpipe.datasets import DATASETS
from perfpipe.datasets.cross_checks import CROSS_CHECKS
from perfpipe.rules.arrivals import ARRIVAL_RULES
from perfpipe.rules.between import BETWEEN_RULES
from perfpipe.rules.cells import CELL_RULES
from perfpipe.rules.containers import CONTAINER_RULES
from perfpipe.rules.extracts import EXTRACT_RULES
from perfpipe.rules.rule import EXCLUDE, STOP, Rule
from perfpipe.rules.tables import TABLE_RULES
from perfpipe.rules.typed_numbers import TYPED_NUMBER_RULES

RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        *ARRIVAL_RULES,
        *CONTAINER_RULES,
        *TABLE_RULES,
        *CELL_RULES,
        *EXTRACT_RULES,
        *(check.rule for dataset in DATASETS for check in dataset.checks),
        *(check.rule for check in CROSS_CHECKS),
        *BETWEEN_RULES,
        *TYPED_NUMBER_RULES,
    )
}


def setting_problem(rule: str, severity: str) -> str | None:
    """What is wrong with setting a rule to a severity, in words; None if it may be."""
    known = RULES.get(rule)
    if known is None:
        return no_such_rule(rule)
    if severity in known.may_be:
        return None
    expected = " or ".join(known.may_be)
    why = {
        STOP: "what it finds cannot be used",
        EXCLUDE: "it leaves rows out of figures, which no severity changes",
    }.get(known.severity, "its faults must stay visible")
    return f"{severity!r} is not allowed for this rule: {why}; expected {expected}"


def no_such_rule(rule: str) -> str:
    """Words for an unknown rule id, with those that look like it."""
    near = difflib.get_close_matches(rule, RULES, n=3, cutoff=0.6)
    meant = f"did you mean {' or '.join(near)}? " if near else ""
    return f"no such rule; {meant}`perfpipe rules` lists them"


def rule_lines() -> list[str]:
    """All rules as plain text: id, severity, what it may be set to, where it looks, meaning."""
    lines = ['Set a severity in perfpipe.toml: [severities] with lines such as row_count_moved = "warn".', ""]
    for rule in RULES.values():
        others = ", ".join(other for other in rule.may_be if other != rule.severity) or "nothing else"
        lines += [f"{rule.id} ({rule.scope}): {rule.severity}; may be set to {others}", f"    {rule.meaning}"]
    return lines
