"""Revisions that a process has explained already: the months of a backfill have most of them in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from perfpipe.history.inputs import Extract, Inputs
from perfpipe.history.revision import FigureKey, KnownFigure, Revision
from perfpipe.ledger.records import ExtractInFolder
from perfpipe.plan import Plan
from perfpipe.settings.corrections import Correction
from perfpipe.settings.settings import Settings

Shown = tuple[int, FigureKey, str, str, KnownFigure]
"""A figure as the edition of a run showed it, as it is shown now, and what it is now."""


@dataclass(frozen=True)
class ExplainedBy:
    """All else that decides why figures differ from what was seen: what they are made from now, and by what."""

    extracts: frozenset[Extract]
    known: Mapping[Extract, ExtractInFolder]  # with what was withdrawn and erased of them
    settings: Settings
    corrections: tuple[Correction, ...]
    plan: Plan
    places_sha256: str
    programs: tuple[str, str]

    @classmethod
    def of(cls, inputs: Inputs, known: Mapping[Extract, ExtractInFolder], programs: tuple[str, str]) -> ExplainedBy:
        """That of figures from some inputs, where `known` are all extracts that ever came."""
        settings, places = inputs.settings, inputs.places.sha256 if inputs.places else ""
        return cls(inputs.extracts, known, settings, settings.corrections, inputs.plan, places, programs)


@dataclass
class Explained:
    """Revisions by what was shown and is known now, as long as all else that decides them stays as it is."""

    _by: ExplainedBy | None = None
    _revisions: dict[Shown, Revision] = field(default_factory=dict)

    def by(self, decided: ExplainedBy | None) -> dict[Shown, Revision]:
        """Those that were explained by the same; to be added to. None: by something that is gone, so none is kept."""
        if decided is None or decided != self._by:
            self._by, self._revisions = decided, {}
        return self._revisions
