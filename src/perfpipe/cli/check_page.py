"""The page of faults for those who correct them: one HTML file, without network, script or any value of a cell."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from perfpipe.check.check import CheckedWorkspace
from perfpipe.cli.check_summary import FaultKind, kinds_of, owner_counts
from perfpipe.cli.check_text import EFFECTS
from perfpipe.cli.fault_lines import forms_of
from perfpipe.phrases.counted_nouns import count_of
from perfpipe.rules.rule import Severity
from perfpipe.settings.settings import Settings
from perfpipe.storage.files import write_whole

TEMPLATES = Path(__file__).parent / "templates"
LISTED = 200  # addresses of one kind: more are one cause


def write_check_page(checked: CheckedWorkspace, settings: Settings, path: Path) -> None:
    """Write the page of the current faults. Raises MachineFailure."""
    write_whole(path, check_page(checked, settings).encode())


def check_page(checked: CheckedWorkspace, settings: Settings) -> str:
    """The page: who has how many faults, and for each of them every kind with its places and what to do."""
    current = [each for each in checked.found if each.is_current and each.fault.severity is not Severity.INFO]
    kinds = kinds_of(current, settings)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {"anchor": _anchor, "places": _places, "forms": _forms, "number": "{:,}".format}
    return environment.get_template("check.html").render(
        authority=settings.authority.name,
        month=checked.month.label if checked.month else "",
        counts=owner_counts(current, settings),
        owners={owner: [kind for kind in kinds if kind.owner == owner] for owner in (kind.owner for kind in kinds)},
        effects=EFFECTS,
        count_of=count_of,
    )


def _anchor(owner: str) -> str:
    return re.sub(r"\W+", "-", owner.casefold()).strip("-")


def _forms(kind: FaultKind) -> str:
    return forms_of([each.fault for each in kind.found])


def _places(kind: FaultKind) -> list[str]:
    shown = [each.fault.address for each in kind.found[:LISTED]]
    more = len(kind.found) - len(shown)
    return [*shown, *([f"and {more:,} more"] if more else [])]
