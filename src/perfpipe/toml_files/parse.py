"""Parse TOML, and say in one line what to do where a text is none: most are typed in Word, Notepad or a mail."""

from __future__ import annotations

import re
import tomllib
from typing import Any

CURLY = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b\u00ab\u00bb\u2032\u2033"
AS_UTF_8 = "Save it again as UTF-8: in Notepad, Save as, and Encoding: UTF-8."
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
AT = re.compile(r" ?\((?:at line (\d+), column (\d+)|at end of document)\)$")
DAY = re.compile(r"=\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\s*$")
REMEDIES = (  # how tomllib's message begins, and what to do
    ("Invalid hex value", "Write a path in single quotes, 'C:\\Users\\...', or with / in place of \\."),
    ("Unescaped '\\' in a string", "Write a path in single quotes, 'C:\\Users\\...', or with / in place of \\."),
    ("Illegal character '\\n'", "Close the quote that begins in this line."),
    ("Unterminated string", "Close the quote that begins here."),
    ("Unclosed array", "Close the list with ]."),
    ("Unclosed inline table", "Close the table with }."),
    ("Expected ']", "Close the name of the table with ]."),
    ("Cannot overwrite a value", "The key stands there twice: remove one of them."),
    ("Cannot declare", "The table stands there twice: put its keys under one heading."),
)


class NotToml(ValueError):
    """A text that is no TOML. `place` is where, and `remedy` what to do; neither repeats anything of the text."""

    def __init__(self, what: str, place: str, remedy: str) -> None:
        super().__init__(" ".join(part for part in (f"{what} {place}".strip() + ".", remedy) if part != "."))
        self.place, self.remedy = place, remedy


def parse_toml(content: bytes) -> dict[str, Any]:
    """The tables of a TOML file. Raises NotToml."""
    if content.startswith(UTF_16) or b"\0" in content:
        raise NotToml("Saved as UTF-16", "", AS_UTF_8)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = f"(at line {content[: error.start].count(bytes([10])) + 1})"
        raise NotToml("Not UTF-8 text", place, AS_UTF_8) from None
    try:
        return tomllib.loads(text)
    except RecursionError:
        remedy = "No setting needs more than a few: look for brackets that are not closed."
        raise NotToml("Brackets inside brackets, too many to read", "", remedy) from None
    except tomllib.TOMLDecodeError as error:
        found = AT.search(str(error))
        place = found[0].strip() if found else ""
        what = AT.sub("", str(error))
        line, column = (int(found[1]), int(found[2])) if found and found[1] else (0, 0)
        raise NotToml(what, place, _remedy(what, text.split("\n")[line - 1] if line else "", column)) from None


def _remedy(what: str, line: str, column: int) -> str:
    """What to do about a mistake in a line, found at a column counted from 1; empty where that is not known."""
    sign = line[column - 1 : column]
    unclosed = what.startswith(("Illegal character '\\n'", "Unterminated"))
    if (sign and sign in CURLY) or (unclosed and set(line) & set(CURLY)):
        return 'Curly quotes, as Word types them: replace each by a straight one (").'
    if not sign.isascii():
        return "The sign there only looks like one of the keyboard: type it again."
    if what.startswith("Expected '=' after a key"):
        return "Write key = value, with = and no colon; put a key with blanks in straight quotes."
    if DAY.search(line):
        return "Write a date as 2017-05-31."
    if re.search(r"=\s*(?:True|False|TRUE|FALSE|Yes|No|yes|no)\s*$", line):
        return "Write true or false, in small letters and without quotes."
    if what.startswith(("Invalid value", "Expected newline or end of document")):
        return 'Put text in straight quotes: key = "text".'
    return next((remedy for start, remedy in REMEDIES if what.startswith(start)), "")
