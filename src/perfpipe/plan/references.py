"""References of a plan: the ids that entries may refer to, and those that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from perfpipe.phrases.near_names import no_such
from perfpipe.toml_files.models import Problem

TABLES_WITH_IDS = (
    "owners", "recommendations", "manual_measures", "actions", "judgements", "decisions", "measures",
    "placement_groups",
)  # fmt: skip


@dataclass(frozen=True)
class DeclaredIds:
    """The ids that other entries may refer to, and the measures that are under a recommendation."""

    owners: tuple[str, ...]
    recommendations: tuple[str, ...]
    measures: tuple[str, ...]  # of the catalogue and manual ones
    meetings: tuple[tuple[str, str], ...]  # day and audience
    placed: frozenset[str]

    @classmethod
    def of(cls, raw: Mapping[str, object], measures: Iterable[str]) -> DeclaredIds:
        """From the plan as it was read, whatever mistakes it has."""
        lists = (entry.get("measures") for _, entry in _numbered(raw, "recommendations"))
        listed = [str(name) for names in lists if isinstance(names, list | tuple) for name in names]
        manual = _ids(raw, "manual_measures")
        targets, without = raw.get("targets"), raw.get("without_recommendation")
        listed += [str(name) for name in targets] if isinstance(targets, Mapping) else []
        listed += [str(name) for name in without] if isinstance(without, list | tuple) else []
        return cls(
            owners=_ids(raw, "owners"),
            recommendations=_ids(raw, "recommendations"),
            measures=(*measures, *manual),
            meetings=tuple(
                (str(entry.get("on")), str(entry.get("audience"))) for _, entry in _numbered(raw, "meetings")
            ),
            placed=frozenset([*(name.strip() for name in listed), *manual]),
        )


def _ids(raw: Mapping[str, object], table: str) -> tuple[str, ...]:
    return tuple(word for _, entry in _numbered(raw, table) if (word := _word(entry, "id")))


def names_that_lead_nowhere(raw: Mapping[str, object], named: DeclaredIds) -> list[Problem]:
    """Ids that are used twice, and owners and recommendations that the plan does not have.

    Looked for in the file as it was read, so that an entry with another mistake is not left out.
    """
    problems: list[Problem] = []
    for table in TABLES_WITH_IDS:
        seen: set[str] = set()
        for number, entry in _numbered(raw, table):
            at = [table, str(number)]
            name, owner = _word(entry, "id"), _word(entry, "owner")
            if name in seen:
                problems.append(([*at, "id"], f"{name!r} is used twice"))
            seen |= {name} if name else set()
            if owner and owner not in named.owners:
                problems.append(([*at, "owner"], no_such("owner", owner, named.owners)))
            recommendation = _word(entry, "recommendation")
            if recommendation and recommendation not in named.recommendations:
                what = f"{recommendation!r} is not in the plan; {expected(named.recommendations)}"
                problems.append(([*at, "recommendation"], what))
    return problems


def _numbered(raw: Mapping[str, object], table: str) -> list[tuple[int, Mapping[str, object]]]:
    entries = raw.get(table)
    listed = entries if isinstance(entries, list | tuple) else []
    return [(number, entry) for number, entry in enumerate(listed) if isinstance(entry, Mapping)]


def _word(entry: Mapping[str, object], key: str) -> str:
    value = entry.get(key)
    return value.strip() if isinstance(value, str) else ""


def expected(names: Sequence[str]) -> str:
    """The names that were possible, in words."""
    return f"expected one of {', '.join(names)}" if names else "none is declared"
