"""Settings: every problem at once, each with file, line, key, what was found and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfpipe.datasets import BY_ID
from perfpipe.dates.months import Month
from perfpipe.settings.settings import Settings, SettingsError
from perfpipe.settings.workspace import Workspace
from perfpipe.toml_files.positions import line_of

HEAD = '[authority]\nname = "Our Council"\n'  # two lines
WORKERS = """
[[layouts.social_workers]]
name = "HR"
files = ["HR*.xlsx"]
[layouts.social_workers.columns]
worker_id = "Payroll"
contract = "Type"
fte = "FTE"
started_on = "Start"
left_on = ["Leave", "End"]
"""


def load(folder: Path, text: str) -> Settings:
    (folder / "perfpipe.toml").write_text(text, encoding="utf-8")
    return Workspace(folder).settings()


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(folder, text)
    prefix = str(folder / "perfpipe.toml")
    assert all(problem.startswith(prefix) for problem in caught.value.problems)
    return [problem.removeprefix(prefix) for problem in caught.value.problems]


def test_the_least_that_settings_need(tmp_path: Path) -> None:
    settings = load(tmp_path, HEAD)
    assert settings.authority.name == "Our Council"
    assert settings.layouts == {}


def test_a_byte_order_mark_does_not_matter(tmp_path: Path) -> None:
    assert load(tmp_path, "\ufeff" + HEAD).authority.name == "Our Council"


def test_no_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"perfpipe\.toml: not found.*perfpipe init"):
        Workspace(tmp_path).settings()


def test_not_toml_says_where(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, HEAD + "low_base = = 3\n")
    assert "not valid TOML" in found
    assert "line 3" in found


def test_all_problems_at_once_with_line_key_found_and_expected(tmp_path: Path) -> None:
    text = 'low_base = "many"\nfolders = "weekly"\ncolour = "red"\n' + '[authority]\nname = ""\nalias = "x"\n'
    found = problems(tmp_path, text)
    assert ", line 1: low_base: expected a valid integer, unable to parse string as an integer; found 'many'" in found
    assert ", line 2: folders: expected 'month' or 'financial_year'; found 'weekly'" in found
    assert any(x.startswith(", line 3: colour: unknown key; expected one of authority, folders") for x in found)
    assert any(x.startswith(", line 5: authority.name:") and "found ''" in x for x in found)
    assert ", line 6: authority.alias: unknown key; expected one of name, also_written" in found
    assert len(found) == 5


def test_a_missing_key_shows_its_tables_line_not_another_tables(tmp_path: Path) -> None:
    text = HEAD + '[[layouts.placements]]\nname = "a"\n[[layouts.social_workers]]\nfiles = ["x"]\nname = "b"\n'
    assert ", line 3: layouts.placements.0.files: is missing" in problems(tmp_path, text)


def test_a_problem_in_the_second_layout_is_shown_there(tmp_path: Path) -> None:
    second = WORKERS.replace('"HR"', '"new HR"').replace('fte = "FTE"', "fte = 3")
    (found,) = problems(tmp_path, HEAD + WORKERS + second)
    line = (HEAD + WORKERS + second).splitlines().index("fte = 3") + 1
    assert found.startswith(f", line {line}: layouts.social_workers.1.columns.fte:")


@pytest.mark.parametrize(
    ("change", "at", "words"),
    [
        (("worker_id =", "worker ="), "worker", "no column 'worker'; did you mean worker_id? expected"),
        (('fte = "FTE"\n', ""), "columns", "no entry for fte, which social_workers needs"),
        (('name = "HR"', 'name = "standard"'), "name", "is the name of a built-in layout"),
        (('name = "HR"', 'name = "HR"\nencoding = "utf-99"'), "encoding", "expected an encoding such as utf-8-sig"),
        (('name = "HR"', "name = \"HR\"\ndelimiter = '\"'"), "delimiter", "expected a delimiter"),
        (('name = "HR"', 'name = "HR"\nquote = "ab"'), "quote", "at most 1 character"),
        (('name = "HR"', 'name = "HR"\ndate_order = "dmy"'), "date_order", "expected 'day_first', 'month_first' or"),
        (('name = "HR"', 'name = "HR"\ndate_order.begun = "iso"'), "date_order", "no column 'begun'"),
        (('name = "HR"', 'name = "HR"\nblanks = ["-"]'), "blanks", "unknown key; did you mean blank? "),
        (('name = "HR"', 'name = "HR"\nblank = ["-", " "]'), "blank", "expected words; cells that are empty are blank"),
        (('name = "HR"', 'name = "HR"\nblank = "#N/A"'), "blank", "'#N/A' is an Excel error, never a blank"),
        (('name = "HR"', 'name = "HR"\nvalues.fte = { "#REF!" = "" }'), "#REF!", "is an Excel error, never a blank"),
        (('name = "HR"', 'name = "HR"\ndate_format = "day/month"'), "date_format", "expected a form such as d/m/yyyy"),
        (('name = "HR"', 'name = "HR"\ndate_format.begun = "d/m/yy"'), "date_format", "no column 'begun'"),
        (('name = "HR"', 'name = "HR"\ndate_format.fte = "d/m/yy"'), "date_format", "fte holds no dates"),
        (('name = "HR"', 'name = "HR"\ndate_format.left_on = "mmm-yy"'), "date_format", "'mmm-yy' has no day"),
        (
            ('name = "HR"', 'name = "HR"\ndate_order.left_on = "iso"\ndate_format.left_on = "d/m/yy"'),
            "date_format.left_on", "`date_order` is declared as well; a form says its own order: remove one of the two",
        ),
        (
            ('name = "HR"', 'name = "HR"\ndate_order = "iso"\ndate_format = "d/m/yy"'),
            "date_format", "`date_order` is declared as well",
        ),
        (('"Leave", "End"]', '"Leave", "start"]'), "left_on", "the same header for started_on and left_on"),
        (
            ('fte = "FTE"', 'fte = "FTE"\nleaving_reason = "Type"'),
            "leaving_reason", "the same header for contract and leaving_reason; expected `values` for each",
        ),
        (('name = "HR"', 'name = "HR"\nheader_rows = 0'), "header_rows", "greater than or equal to 1"),
        (('name = "HR"', 'name = "HR"\nturned = "yes"'), "turned", "expected a valid boolean"),
        (('name = "HR"', 'name = "HR"\nheader_row = 3\nturned = true'), "turned", "expected no `header_row`"),
        (('name = "HR"', 'name = "HR"\npassword_env = "my word"'), "password_env", "name of an environment variable"),
        (('name = "HR"', 'name = "HR"\nsince = "2017-13"'), "since", "expected YYYY-MM"),
        (('name = "HR"', 'name = "HR"\nheader_row = 0'), "header_row", "greater than or equal to 1"),
        (('name = "HR"', 'name = "HR"\ndate_only = ["begun"]'), "date_only", "no column 'begun'"),
        (
            ('name = "HR"', 'name = "HR"\nvalues.contract = { "Bank" = "bank" }'),
            "contract", "'bank' is not on its code list; expected one of permanent, agency",
        ),
        (('name = "HR"', 'name = "HR"\nvalues.fte = { "Full" = "1" }'), "fte", "the column holds no codes"),
        (
            ('name = "HR"', 'name = "HR"\ncovers = { span = "last_0_months", selects_by = "overlap" }'),
            "covers", "expected one of month, financial_year_to_date",
        ),
        (
            ('name = "HR"', 'name = "HR"\ncovers = { span = "all", selects_by = "whim" }'),
            "covers", "expected 'started', 'ended', 'overlap' or 'snapshot'",
        ),
        (('name = "HR"', 'name = "HR"\nextracted_at = { cell = "2B" }'), "extracted_at", "match pattern"),
        (('name = "HR"', 'name = "HR"\nextracted_at = {}'), "extracted_at", "expected either cell or file_name"),
        (
            ('name = "HR"', 'name = "HR"\nextracted_at = { file_name = "(" }'),
            "extracted_at", "not a regular expression",
        ),
        (
            ('name = "HR"', 'name = "HR"\nextracted_at = { file_name = "x" }'),
            "extracted_at", "expected a pattern with groups",
        ),
    ],
)  # fmt: skip
def test_wrong_layouts(change: tuple[str, str], at: str, words: str, tmp_path: Path) -> None:
    text = HEAD + WORKERS.replace(*change)
    found = problems(tmp_path, text)
    assert any(words in problem for problem in found), found
    problem = next(problem for problem in found if words in problem)
    line = int(problem.split(":")[0].removeprefix(", line "))
    assert at in text.splitlines()[line - 1]


def test_every_wrong_layout_is_told_at_once(tmp_path: Path) -> None:
    text = HEAD + WORKERS.replace("worker_id =", "worker =").replace('fte = "FTE"\n', "")
    other = WORKERS.replace("layouts.social_workers", "layouts.social_wrokers")
    found = problems(tmp_path, text + other)
    assert len(found) == 3
    assert any("; did you mean social_workers? expected one of return_home_interviews" in problem for problem in found)


def test_one_name_or_several_are_taken_alike(tmp_path: Path) -> None:
    text = HEAD + WORKERS.replace('files = ["HR*.xlsx"]', 'files = "HR*.xlsx"\nsheet = "Staff"')
    layout = load(tmp_path, text).layouts["social_workers"][0]
    assert (layout.files, layout.sheets) == (("HR*.xlsx",), ("Staff",))
    assert layout.headers("left_on") == ("Leave", "End")
    assert layout.headers("fte") == ("FTE",)
    assert layout.headers("team") == ()


def test_of_several_layouts_of_one_name_the_newest_in_force_counts(tmp_path: Path) -> None:
    newer = WORKERS.replace('name = "HR"', 'name = "HR"\nsince = "2017-10"').replace("Payroll", "Employee")
    settings = load(tmp_path, HEAD + newer + WORKERS)
    workers = BY_ID["social_workers"]
    by_month = {month: settings.layouts_of(workers, Month.parse(month)) for month in ("2017-09", "2017-10")}
    assert [x.headers("worker_id")[0] for x in by_month["2017-09"]] == ["Payroll", "worker_id"]
    assert [x.headers("worker_id")[0] for x in by_month["2017-10"]] == ["Employee", "worker_id"]


def test_two_layouts_of_one_name_and_month_are_refused(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, HEAD + WORKERS + WORKERS)
    assert "is listed twice" in found


TOML = """\
title = "x"
[[a.b]]
one = 1
[a.b.c]
two = 2
[[a.b]]
[a.b.c]
"two" = 3
[d]
steps = [{ from = 1, to = 2 },
    { from = 3 },
]
e.f = 5
"""


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ("title", 1), ("a b 0 one", 3), ("a b 0 c two", 5), ("a b 1 c two", 8), ("d steps 0 from", 10),
        ("d steps 1 from", 11), ("d steps 1 to", 11), ("d e f", 13), ("a b 1 one", 6), ("nowhere", None),
    ],
)  # fmt: skip
def test_the_line_of_a_key(keys: str, line: int | None) -> None:
    assert line_of(TOML, keys.split()) == line


def test_limits_that_make_no_sense_are_all_listed_with_their_lines(tmp_path: Path) -> None:
    text = HEAD + '[limits]\nmemory_mb = 1\nseconds = "30"\nrows = true\ncolumns = -1\nunpacked = 3\n'
    first = HEAD.count("\n") + 2
    assert problems(tmp_path, text) == [
        f", line {first}: limits.memory_mb: expected greater than or equal to 256; found 1",
        f", line {first + 1}: limits.seconds: expected a valid integer; found '30'",
        f", line {first + 2}: limits.rows: expected a valid integer; found True",
        f", line {first + 3}: limits.columns: expected greater than or equal to 10; found -1",
        f", line {first + 4}: limits.unpacked: unknown key; did you mean unpacked_mb? "
        "expected one of memory_mb, seconds, unpacked_mb, rows, columns, cells",
    ]


def test_limits_have_defaults_and_can_be_raised(tmp_path: Path) -> None:
    limits = load(tmp_path, HEAD + "[limits]\nseconds = 60\n").limits
    assert (limits.memory_mb, limits.seconds, limits.rows) == (1536, 60, 400_000)


def test_a_password_in_the_settings_is_not_shown(tmp_path: Path) -> None:
    text = HEAD + WORKERS.replace('name = "HR"', 'name = "HR"\npassword_env = "Zebedee 1"')
    assert "Zebedee" not in str(problems(tmp_path, text))
