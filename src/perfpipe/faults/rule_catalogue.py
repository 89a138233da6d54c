"""Every rule by its id, and to what the settings may change its severity."""

from __future__ import annotations

from perfpipe.datasets import DATASETS
from perfpipe.datasets.cross_checks import CROSS_CHECKS
from perfpipe.phrases.near_names import meant
from perfpipe.rules.arrivals import ARRIVAL_RULES
from perfpipe.rules.between import BETWEEN_RULES
from perfpipe.rules.cells import CELL_RULES
from perfpipe.rules.commentary import COMMENTARY_RULES
from perfpipe.rules.containers import CONTAINER_RULES
from perfpipe.rules.extracts import EXTRACT_RULES
from perfpipe.rules.rule import EXCLUDE, STOP, Rule
from perfpipe.rules.tables import TABLE_RULES
from perfpipe.rules.typed_numbers import TYPED_NUMBER_RULES
from perfpipe.toml_files.models import SettingsError

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
        *COMMENTARY_RULES,
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
    return f"no such rule; {meant(rule, RULES)}`perfpipe rules` lists them"


def rule_named(rule: str) -> Rule:
    """The rule with that id. Raises SettingsError."""
    if rule not in RULES:
        raise SettingsError([f"{rule!r}: {no_such_rule(rule)}"])
    return RULES[rule]


def rule_lines(only: Rule | None = None) -> list[str]:
    """All rules as plain text: id, severity, what it may be set to, where it looks, meaning; of one what to do, too."""
    lines = ['Set a severity in perfpipe.toml: [severities] with lines such as row_count_moved = "warn".', ""]
    for rule in [only] if only else RULES.values():
        others = ", ".join(other for other in rule.may_be if other != rule.severity) or "nothing else"
        lines += [f"{rule.id} ({rule.scope}): {rule.severity}; may be set to {others}", f"    {rule.meaning}"]
    if only:
        lines = [*lines[2:], f"    Expected: {only.expected}.", f"    What to do: {only.what_to_do}"]
    return lines


def rule_data(only: Rule | None = None) -> list[dict[str, object]]:
    """The same as plain values for JSON."""
    return [
        {
            "id": rule.id,
            "looks_at": rule.scope,
            "severity": rule.severity,
            "may_be": list(rule.may_be),
            "meaning": rule.meaning,
            "expected": rule.expected,
            "what_to_do": rule.what_to_do,
            "defect": rule.defect.id if rule.defect else None,
        }
        for rule in ([only] if only else RULES.values())
    ]
