"""The measures of a workspace, and the one that somebody names."""

from __future__ import annotations

from perfpipe.measures import MEASURES
from perfpipe.measures.definition import Measure
from perfpipe.phrases.near_names import MEASURES_LISTED, no_such
from perfpipe.plan import load_plan
from perfpipe.plan.manual_measures import all_measures
from perfpipe.settings.workspace import Workspace
from perfpipe.toml_files.models import SettingsError


def measures_of(workspace: Workspace) -> tuple[Measure, ...]:
    """The measures of a workspace: the catalogue's, and those that its plan declares. Raises SettingsError.

    Without a plan, as in a folder that is no workspace, those of the catalogue.
    """
    if not workspace.plan_file.exists():
        return MEASURES
    return all_measures(load_plan(workspace.plan_file, MEASURES))


def measure_named(workspace: Workspace, name: str) -> Measure:
    """The measure with that id or code, in small or capital letters. Raises SettingsError."""
    measures = measures_of(workspace)
    wanted = name.strip().casefold()
    chosen = next((each for each in measures if wanted in (each.id, each.code.casefold())), None)
    if chosen is None:
        names, titles = [*(m.code for m in measures), *(m.id for m in measures)], {m.id: m.title for m in measures}
        raise SettingsError([no_such("measure", name, names, MEASURES_LISTED, titles)])
    return chosen
