"""The places file of a workspace: where postcodes are, and which authority they are in (definitions 4.8).

A CSV file named in `perfpipe.toml`, one row a postcode, as it can be cut from the national list of postcodes: columns
`postcode`, `easting`, `northing` (metres of the national grid), and either `authority` (its name) or `location`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from perfpipe.datasets.placement_distance import plain_postcode
from perfpipe.toml_files.models import SettingsError

if TYPE_CHECKING:
    import pandas as pd

WHERE = ("easting", "northing")
FURTHEST_METRES = 1_300_000  # of the national grid
INSIDE, OUTSIDE = "IN", "OUT"


@dataclass(frozen=True, eq=False)
class Places:
    """`table`: `easting`, `northing` (float64) and `location` (IN or OUT) by postcode; `sha256` of the file."""

    table: pd.DataFrame
    sha256: str


def read_places(path: Path, our_names: frozenset[str]) -> Places:
    """Read and check the places file; a place whose `authority` is one of `our_names` is inside.

    Raises SettingsError with every problem: file, row and column, never the value.
    """
    import pandas as pd

    try:
        content = path.read_bytes()
        rows = pd.read_csv(path, header=None, dtype="str", keep_default_na=False, encoding="utf-8-sig").fillna("")
    except FileNotFoundError:
        raise SettingsError([f"{path}: not found; `places` in perfpipe.toml names it"]) from None
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise SettingsError([f"{path}: cannot be read as a CSV file in UTF-8 ({type(error).__name__})"]) from None
    rows = rows.apply(lambda column: column.str.strip())
    names = rows.iloc[0].str.casefold().tolist()
    problems = [f"{path}: {what}" for what in _header_problems(names)]
    if not problems:
        rows = rows.iloc[1:].set_axis(names, axis="columns")
        rows = rows.assign(postcode=plain_postcode(rows["postcode"]))
        problems = [f"{path}, row {row}, column {column}: {what}" for row, column, what in _problems(rows)]
    if problems:
        raise SettingsError(problems)
    places = rows.drop_duplicates("postcode").set_index("postcode")
    if "location" in places:
        location = places["location"].str.upper()
    else:
        ours = places["authority"].str.casefold().isin(our_names)
        location = pd.Series(INSIDE, index=places.index).where(ours, OUTSIDE)
    table = places[list(WHERE)].astype("float64").assign(location=location)
    return Places(table, hashlib.sha256(content).hexdigest())


def _header_problems(names: list[str]) -> Iterator[str]:
    missing = [name for name in ("postcode", *WHERE) if name not in names]
    if missing:
        yield f"no column {', '.join(missing)}; expected postcode, easting, northing, and authority or location"
    elif ("authority" in names) == ("location" in names):
        yield "expected either a column authority or a column location (IN or OUT)"
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"column {name} is listed twice"


def _problems(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
    """Row (the header is row 1), column and what is wrong, in the order of the file."""
    import pandas as pd

    from perfpipe.datasets.placement_values import is_postcode

    wrong = {"postcode": (~is_postcode(rows["postcode"]), "expected a full British postcode")}
    for name in WHERE:
        metres = pd.to_numeric(rows[name], errors="coerce")
        wrong[name] = (~metres.between(0, FURTHEST_METRES), f"expected metres from 0 to {FURTHEST_METRES:,}")
    if "location" in rows:
        known = rows["location"].str.upper().isin((INSIDE, OUTSIDE))
        wrong["location"] = (~known, f"expected {INSIDE} or {OUTSIDE}")
    else:
        wrong["authority"] = (rows["authority"] == "", "expected the name of an authority")
    again = rows.duplicated("postcode") & ~rows.duplicated()
    found = [(row, name, what) for name, (broken, what) in wrong.items() for row in rows.index[broken]]
    found += [(row, "postcode", "this postcode is already listed in another place") for row in rows.index[again]]
    for row, name, what in sorted(found, key=lambda item: item[0]):
        yield int(row) + 1, name, what
