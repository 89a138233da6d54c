"""A copy of the package that counts as the program's own source, to be edited in a test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from perfpipe import source_code
from perfpipe.source_code import SourceCode, own_source, source_identity


class SourceCopy:
    """The package under another folder. What it says is what the program takes for its own source."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.root = folder / "perfpipe"
        own_source().reachable("perfpipe.cli.main")  # all of it is parsed once, and its store is copied too
        shutil.copytree(source_code.PACKAGE, self.root, ignore=shutil.ignore_patterns("*.pyc"))
        patch.setattr(source_code, "PACKAGE", self.root)
        forget()

    def edit(self, file: str, old: str, new: str) -> None:
        """Put one text in place of another, which must stand in a file once."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{file} has {old!r} {text.count(old)} times"
        path.write_text(text.replace(old, new), encoding="utf-8")
        forget()

    def identity(self, *entries: str) -> str:
        """The identity of the copy as it stands now."""
        return SourceCode(self.root).identity(*entries)


def forget() -> None:
    """Let the next question read the source again, as the next process would."""
    own_source.cache_clear()
    source_identity.cache_clear()
