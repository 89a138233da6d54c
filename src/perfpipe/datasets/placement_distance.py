"""Distance from home and in or out of the boundary, from postcodes (definitions 4.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfpipe.frames.libraries import np

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

KILOMETRES_IN_A_MILE = 1.6093  # of DfE's formula
MOST_MILES = 999.8  # 999.9 stands for not known


def with_distances(rows: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Rows with `distance_miles` and `location` from postcodes, for extracts that have nothing at all in the column.

    `places`: `easting`, `northing` (metres) and `location` by postcode in capitals without spaces. What the extract
    says itself stands, blanks too. A place that is not known leaves a blank, and so does the distance of an
    unaccompanied child, who has no home to measure from.
    """
    home, placed = (_found(rows[name], places) for name in ("home_postcode", "placement_postcode"))
    metres = np.hypot(*(home[name].to_numpy() - placed[name].to_numpy() for name in ("easting", "northing")))
    miles = np.minimum(tenths(metres / 1000 / KILOMETRES_IN_A_MILE), MOST_MILES)
    miles = np.where((rows["unaccompanied"] == "Y").fillna(False).to_numpy(dtype=bool), np.nan, miles)
    lacks = {name: ~rows[name].notna().groupby(rows["reading_id"]).transform("any") for name in
             ("distance_miles", "location")}  # fmt: skip
    return rows.assign(
        distance_miles=rows["distance_miles"].where(~lacks["distance_miles"], miles),
        location=rows["location"].where(~lacks["location"], placed["location"].set_axis(rows.index)),
    )


def tenths(miles: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Miles to one decimal place, halves up."""
    rounded: npt.NDArray[np.float64] = np.floor(np.asarray(miles, dtype="float64") * 10 + 0.5) / 10
    return rounded


def plain_postcode(postcodes: pd.Series[str]) -> pd.Series[str]:
    """Postcodes in the form in which they are compared: capitals without spaces."""
    plain: pd.Series[str] = postcodes.str.replace(" ", "").str.upper()
    return plain


def _found(postcodes: pd.Series[str], places: pd.DataFrame) -> pd.DataFrame:
    return places.reindex(plain_postcode(postcodes))
