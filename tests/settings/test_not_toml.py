"""A settings file that is no TOML: what to do about it, in one line, and never an internal error."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfpipe.cli.main import main
from perfpipe.settings.workspace import Workspace
from perfpipe.toml_files.models import SettingsError
from perfpipe.toml_files.parse import NotToml, parse_toml

CASES = {
    "curly quotes": ("name = \u201cX\u201d", "(at line 2, column 8). Curly quotes, as Word types them: replace each"),
    "one curly quote": ('name = "X\u201d', 'Curly quotes, as Word types them: replace each by a straight one (").'),
    "single curly quotes": ("name = \u2018X\u2019", "Curly quotes, as Word types them: replace each"),
    "curly quotes in a list": ('names = ["A", \u201cB\u201d]', "Curly quotes, as Word types them: replace each"),
    "a path of Windows": (
        r'places = "C:\Users\me"',
        r"column 15). Write a path in single quotes, 'C:\Users",
    ),
    "another path": (r'places = "D:\data\places.csv"', "Write a path in single quotes"),
    "no quotes": ("name = Example Council", '(at line 2, column 8). Put text in straight quotes: key = "text".'),
    "no quotes, and a number first": ("name = 16 plus", 'Put text in straight quotes: key = "text".'),
    "a colon": ('name: "X"', "Write key = value, with = and no colon"),
    "a key with blanks": ('also written = "X"', "put a key with blanks in straight quotes."),
    "a British date": ("meeting = 31/05/2017", "Write a date as 2017-05-31."),
    "True": ("group = True", "Write true or false, in small letters and without quotes."),
    "an open quote": ('name = "X', "Close the quote that begins in this line."),
    "an open list": ('names = ["A"', "Close the list with ]."),
    "an open table": ("[authority", "Close the name of the table with ]."),
    "a key twice": ('a = "X"\na = "Y"', "The key stands there twice: remove one of them."),
    "a table twice": ("[b]\n[b]", "The table stands there twice: put its keys under one heading."),
    "another minus": ("low_base = \u2212 5", "The sign there only looks like one of the keyboard: type it again."),
    "a no-break space": ("\u00a0low_base = 5", "The sign there only looks like one of the keyboard: type it again."),
    "nested 5,000 deep": ("a = " + "[" * 5000 + "]" * 5000, "look for brackets that are not closed."),
}


@pytest.mark.parametrize(("text", "said"), CASES.values(), ids=CASES)
def test_what_to_do_is_said_in_one_line(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "perfpipe.toml").write_text(f"# settings\n{text}\n", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["check", "2017-05", "--workspace", str(tmp_path)])
    told = capsys.readouterr()
    (line,) = [line for line in (told.out + told.err).splitlines() if "perfpipe.toml: not valid TOML: " in line]
    assert ended.value.code == 2
    assert said in line
    assert "internal error" not in told.out + told.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[authority]\n".encode("utf-16"), "Saved as UTF-16. Save it again as UTF-8"),
        ("[authority]\n".encode("utf-16-le"), "Saved as UTF-16. Save it again as UTF-8"),
        (b"[authority]\nname = 'Caf\xe9'\n", "Not UTF-8 text (at line 2). Save it again as UTF-8"),
    ],
)
def test_another_encoding_is_named(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "perfpipe.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=said.replace("(", r"\(").replace(")", r"\)")):
        Workspace(tmp_path).settings()


@pytest.mark.parametrize(
    "setting",
    [
        r'places = "C:\temp\new.csv"',
        '[[earlier_packs]]\nfile = "C:\\temp.csv"\nseen_on = 2017-06-14\nnote = "x"',
        '[comparators]\nfile = "data\\backup.csv"\nsource = "x"\nvintage = "x"',
    ],
)
def test_a_path_of_windows_that_toml_reads_as_a_tab_is_named_by_line(setting: str, tmp_path: Path) -> None:
    (tmp_path / "perfpipe.toml").write_text(f"# mine\n{setting}\n[authority]\nname = 'X'\n", encoding="utf-8")
    with pytest.raises(SettingsError) as found:
        Workspace(tmp_path).settings()
    (line,) = found.value.problems
    at = 2 if setting.startswith("places") else 3
    assert f"perfpipe.toml, line {at}: " in line
    assert "write the path in single quotes, 'C:\\...', or with / in place of \\; found '" in line
    assert line.isprintable()


def test_right_quotes_around_curly_ones_are_text() -> None:
    assert parse_toml("name = 'O\u2019Brien \u201cX\u201d'".encode()) == {"name": "O\u2019Brien \u201cX\u201d"}


@pytest.mark.parametrize("text", ["to = SECRET", '"SECRET" = SECRET', "to = \u201cSECRET\u201d", "SECRET = 1\nSECRET"])
def test_place_and_remedy_repeat_nothing_of_the_text(text: str) -> None:
    with pytest.raises(NotToml) as found:
        parse_toml(text.encode())
    assert "SECRET" not in found.value.place + found.value.remedy
    assert found.value.place.startswith("(at ")
