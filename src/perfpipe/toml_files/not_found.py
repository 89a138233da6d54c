"""What to say where a workspace has no settings: most often the folder is another, or its name is written wrong."""

from __future__ import annotations

import os
import re
from pathlib import Path

SETTINGS = "perfpipe.toml"
QUOTES = '"\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}'


def not_found(path: Path) -> str:
    """One line for a file that is not there, with what to do."""
    folder, name = path.parent, path.name
    return (
        f"{folder} is a file: give the folder that it is in, {folder.parent}."
        if folder.is_file()
        else (f"{path}: not found. {_what_to_do(folder, name)}")
    )


def _what_to_do(folder: Path, name: str) -> str:
    if any(quote in str(folder) for quote in QUOTES):
        return 'Put a straight " before and after the path; it has a quotation mark in it now, perhaps after a last \\.'
    if (folder / f"{name}.txt").is_file():
        return f"But {name}.txt is: Notepad added .txt. Rename it to {name}."
    if name != SETTINGS and (folder / SETTINGS).is_file():
        return f"Put {name} back, from a backup or from the folder earlier_plans."
    if os.name == "posix" and re.match(r"[A-Za-z]:|.*\\", str(folder)):
        return "That is a path of Windows; here folders are written with /, as /home/me/workspace."
    if above := next((each for each in folder.resolve().parents if (each / name).is_file()), None):
        return f"The workspace is a folder above: `--workspace {_quoted(above)}`."
    if below := next(iter(sorted(folder.glob(f"*/{name}"))), None):
        return f"There is a workspace below: `--workspace {_quoted(below.parent)}`."
    return f"Is this a workspace? `perfpipe init {_quoted(folder)}` creates one."


def _quoted(folder: Path) -> str:
    return f'"{folder}"' if " " in str(folder) else str(folder)
