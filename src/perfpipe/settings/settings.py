"""The workspace and its settings: `perfpipe.toml` read into models that refuse what they do not know.

Errors name the file, the line, the key, what was found and what was expected, all of them at once.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr

from perfpipe.datasets import BY_ID, Dataset
from perfpipe.dates.months import Month
from perfpipe.faults.rule_catalogue import RULES, no_such_rule, setting_problem
from perfpipe.faults.severity import AcceptedFault
from perfpipe.phrases.near_names import no_such
from perfpipe.rules.between import CORRECTION_NO_RECORD, CORRECTION_NOT_NEEDED, CORRECTION_SEVERAL, EQUAL_CLAIM
from perfpipe.rules.extracts import LAYOUT_GONE
from perfpipe.settings.comparators import ComparatorSettings, comparator_problems
from perfpipe.settings.control_limits import Baseline, ControlLimits, Rebase, limit_problems
from perfpipe.settings.corrections import Correction, load_corrections
from perfpipe.settings.deliveries import Expected, Notify, delivery_problems
from perfpipe.settings.earlier_packs import EarlierPack
from perfpipe.settings.layout_problems import layout_problems
from perfpipe.settings.layouts import FileNames, Layout, Names, standard_layouts
from perfpipe.settings.population import Population, population_in, population_problems
from perfpipe.settings.retention import Retention
from perfpipe.toml_files.models import PathText, Problem, SettingsError, Strict, load_toml, raise_problems

SETTINGS_OWNER = "settings"  # the key in `owners` of who corrects settings, names and folders
RULES_OF_SETTINGS = (  # of a dataset, and yet corrected in settings or by withdrawing
    LAYOUT_GONE.id, EQUAL_CLAIM.id, CORRECTION_NOT_NEEDED.id, CORRECTION_NO_RECORD.id, CORRECTION_SEVERAL.id,
)  # fmt: skip


class Authority(Strict):
    """Whose children: the name, and the other spellings that extracts use for it."""

    name: str = Field(min_length=1)
    also_written: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Every spelling, in the form in which names are compared."""
        return frozenset(name.strip().casefold() for name in (self.name, *self.also_written))


class Arrivals(Strict):
    """What is usual for extracts as they arrive.

    `row_count_share`: the share by which the number of records may move from one month's extract to the next. By
    default a quarter: honest moves of rolling extracts stay below a tenth, and half an export lies far above.
    `may_be_empty`: the datasets of which an extract without a single record is right.
    """

    row_count_share: float = Field(default=0.25, gt=0, le=10)
    may_be_empty: Names = ()


class FileLimits(Strict):
    """What one file may take before it is refused. The defaults bear an extract of 300,000 rows."""

    memory_mb: int = Field(default=1536, ge=256, le=65_536, strict=True)
    seconds: int = Field(default=30, ge=1, le=3600, strict=True)
    unpacked_mb: int = Field(default=1024, ge=1, le=65_536, strict=True)
    rows: int = Field(default=400_000, ge=100, le=1_048_576, strict=True)
    columns: int = Field(default=500, ge=10, le=16_384, strict=True)
    cells: int = Field(default=20_000_000, ge=1000, le=1_000_000_000, strict=True)

    @property
    def of_child(self) -> dict[str, int]:
        """As the child process takes them, in bytes."""
        counts = {"rows": self.rows, "columns": self.columns, "cells": self.cells}
        return counts | {"memory_bytes": self.memory_mb * 2**20, "unpacked_bytes": self.unpacked_mb * 2**20}


class Access(Strict):
    """Who may read and write what is stored. See `Workspace.group`."""

    group: Annotated[bool, Field(strict=True)] | Literal["team"] = False


class Settings(Strict):
    """All of `perfpipe.toml`."""

    authority: Authority
    folders: Literal["month", "financial_year"] = "month"
    ignore_files: FileNames = ()
    open_ends: tuple[date, ...] = ()  # days that mean open in every layout, in addition to the layout's own
    low_base: int = Field(default=20, ge=0)
    least_cases_for_limits: int = Field(default=20, ge=0)
    first_figures_due_days: int = Field(default=45, ge=1, le=365, strict=True)  # after a month's end
    places: PathText | None = None  # a CSV file of postcodes, see `places.py`
    owners: dict[str, str] = Field(default_factory=dict)
    limits: FileLimits = FileLimits()
    access: Access = Access()
    layouts: dict[str, tuple[Layout, ...]] = Field(default_factory=dict)
    arrivals: Arrivals = Arrivals()
    severities: dict[str, str] = Field(default_factory=dict)
    accepted: tuple[AcceptedFault, ...] = ()
    population: tuple[Population, ...] = ()
    comparators: ComparatorSettings | None = None
    rebases: tuple[Rebase, ...] = ()
    baselines: tuple[Baseline, ...] = ()
    earlier_packs: tuple[EarlierPack, ...] = ()
    expected: tuple[Expected, ...] = ()
    bank_holidays: tuple[date, ...] = ()  # proclaimed since this version came out: no working days, for any deadline
    closure_days: tuple[date, ...] = ()  # they move the due days of deliveries, and no statutory deadline
    notify: tuple[Notify, ...] = ()
    retention: Retention = Retention()

    _corrections: tuple[Correction, ...] = PrivateAttr(())

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """What `corrections.toml` declares."""
        return self._corrections

    def with_corrections_of(self, other: Settings) -> Settings:
        """The same settings with the corrections that others declare."""
        changed = self.model_copy()
        changed._corrections = other.corrections
        return changed

    @property
    def control_limits(self) -> ControlLimits:
        """When control limits are recalculated, and from what."""
        return ControlLimits(self.rebases, self.baselines, self.least_cases_for_limits)

    @property
    def days_without_deliveries(self) -> frozenset[date]:
        """What moves the due days of deliveries besides weekends and the bank holidays of the calendar."""
        return frozenset((*self.closure_days, *self.bank_holidays))

    @property
    def delivered(self) -> frozenset[str]:
        """The datasets that this authority delivers; empty where settings do not say."""
        return frozenset(each.dataset for each in self.expected)

    def owner_of(self, dataset_id: str, rule: str = "") -> str:
        """Who corrects the faults of a dataset: its declared owner, or the owner of the extract.

        What is wrong with settings, names and folders is the performance team's.
        """
        if dataset_id not in BY_ID or rule in RULES_OF_SETTINGS:
            return self.owners.get(SETTINGS_OWNER, "Performance team")
        return self.owners.get(dataset_id, f"Owner of the extract '{BY_ID[dataset_id].title}'")

    def layouts_of(self, dataset: Dataset, folder_month: Month) -> list[Layout]:
        """The layouts a delivery of that month may have: the declared ones in force, then the standard ones."""
        declared = [x for x in self.layouts.get(dataset.id, ()) if Month.parse(x.since) <= folder_month]
        newest: dict[str, Layout] = {}
        for layout in sorted(declared, key=lambda x: x.since):
            newest[layout.name] = layout
        layouts = [*newest.values(), *standard_layouts(dataset)]
        if not self.open_ends:
            return layouts
        return [each.model_copy(update={"open_ends": (*each.open_ends, *self.open_ends)}) for each in layouts]


def population_at(settings: Settings, month: Month) -> Population | None:
    """The children of the authority in a month, with the source; None before the first entry or without a table."""
    return population_in(settings.population, month)


def load_settings(file: Path, corrections: Path) -> Settings:
    """Read and check `perfpipe.toml` and `corrections.toml`. Raises SettingsError."""
    settings = load_toml(file, Settings)
    raise_problems(file, _problems(settings))
    settings._corrections = load_corrections(corrections)
    return settings


def _problems(settings: Settings) -> list[Problem]:
    """What is wrong with settings that fit their form: all of it."""
    problems = _rule_problems(settings) + population_problems(settings.population)
    problems += comparator_problems(settings.comparators) if settings.comparators else []
    problems += limit_problems(settings.control_limits) + delivery_problems(settings.expected)
    problems += [
        (["owners", name], no_such("dataset", name, (*BY_ID, SETTINGS_OWNER)))
        for name in settings.owners
        if name not in (*BY_ID, SETTINGS_OWNER)
    ]
    for dataset_id, layouts in settings.layouts.items():
        dataset = BY_ID.get(dataset_id)
        if dataset is None:
            problems.append((["layouts", dataset_id, "0"], no_such("dataset", dataset_id, BY_ID)))
            continue
        for number, layout in enumerate(layouts):
            at = ["layouts", dataset_id, str(number)]
            problems += [([*at, *keys], what) for keys, what in layout_problems(dataset, layout)]
            earlier = [x for x in layouts[:number] if (x.name, x.since) == (layout.name, layout.since)]
            if earlier:
                what = f"{layout.name!r} from {layout.since} is listed twice; give one another name or `since`"
                problems.append(([*at, "name"], what))
    return problems


def _rule_problems(settings: Settings) -> list[Problem]:
    found = ((["severities", rule], setting_problem(rule, severity)) for rule, severity in settings.severities.items())
    problems = [(keys, what) for keys, what in found if what]
    for number, accepted in enumerate(settings.accepted):
        what = no_such_rule(accepted.rule)
        if accepted.rule in RULES:
            lets_pass = [rule.id for rule in RULES.values() if {"stop", "warn"} <= set(rule.may_be) or rule.defect]
            what = (
                "" if accepted.rule in lets_pass else f"{accepted.rule!r} cannot be accepted: it cannot be set to warn"
            )
        problems += [(["accepted", str(number), "rule"], what)] if what else []
    for dataset in settings.arrivals.may_be_empty:
        if dataset not in BY_ID:
            problems.append((["arrivals", "may_be_empty"], no_such("dataset", dataset, BY_ID)))
    return problems


__all__ = ["Arrivals", "Authority", "FileLimits", "Settings", "SettingsError", "population_at"]
