"""What a dataset derives of its rows, across the edges of extracts (definitions 1.4, 4.5).

An extract that begins in the midst of a child's care lacks the record that came before: the look-back has it, from an
earlier extract.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from perfpipe.compute.extract_numbers import Bools, ExtractNumbers
from perfpipe.compute.rows_by_month import months_of
from perfpipe.datasets.definition import Dataset
from perfpipe.reconcile.speaks_for import SpeaksFor


def derived_rows(speaks_for: SpeaksFor, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of several extracts (`reading_id`) with the columns that their dataset derives of each extract.

    Where an extract lacks the record before one of its own, those of the other extracts stand before it: ended ones,
    each from the extract that speaks for the month it ended in; and what was still open by the extract of the month in
    which the record began, as its end was entered too late for that one and lies before the span of the next.
    """
    dataset = speaks_for.dataset
    derived = dataset.derive(rows) if dataset.derive else rows
    if dataset.derive is None or dataset.lacks_before is None or not len(rows):
        return derived
    placed = rows.assign(position=np.arange(len(rows)), reading_id=rows["reading_id"].astype("str"))
    before = _before(speaks_for, placed, dataset.lacks_before(derived).to_numpy(dtype=np.bool_))
    if not len(before):
        return derived
    own = placed.merge(before[["reading_id", _whose(dataset)]].drop_duplicates())
    again = dataset.derive(pd.concat([own, before], ignore_index=True)).iloc[: len(own)]
    made = derived.columns.difference(rows.columns, sort=False)
    derived = derived.copy()
    derived.iloc[own["position"].to_numpy(), derived.columns.get_indexer(made)] = again[made].to_numpy()
    return derived.astype({name: again[name].dtype for name in made})


def _before(speaks_for: SpeaksFor, rows: pd.DataFrame, lacking: Bools) -> pd.DataFrame:
    """For each extract that lacks something, the records of others that had ended by then, as if they were its own."""
    dataset, numbers = speaks_for.dataset, ExtractNumbers(speaks_for)
    assert dataset.end is not None
    whose = ["reading_id", _whose(dataset)]
    since = rows[lacking].groupby(whose, sort=False)[dataset.start].max().rename("since").reset_index()
    since["told_by"] = numbers.speaking_for(months_of(since["since"]))
    theirs = rows[rows[whose[1]].isin(since[whose[1]])].drop(columns="position")
    theirs = theirs.assign(told_by=numbers.of(theirs["reading_id"])).rename(columns={"reading_id": "theirs"})
    own_end = numbers.speaking_for(months_of(theirs[dataset.end])) == theirs["told_by"]
    ended = theirs[own_end].merge(since.drop(columns="told_by"), on=whose[1])
    still = theirs[theirs[dataset.end].isna()].merge(since, on=[whose[1], "told_by"])
    still = still[still[dataset.start] < still["since"]].assign(**{dataset.end: still["since"]})
    found = pd.concat([ended[ended[dataset.end] <= ended["since"]], still], ignore_index=True)
    found = found[found["theirs"] != found["reading_id"]]
    record = ["reading_id", *dataset.follow_by]
    held = pd.MultiIndex.from_frame(rows[record])
    found = found[~pd.MultiIndex.from_frame(found[record]).isin(held)]
    newest = found["told_by"] == found.groupby(record)["told_by"].transform("max")
    before: pd.DataFrame = found.loc[newest, [*rows.columns.drop("position")]]
    return before


def _whose(dataset: Dataset) -> str:
    """The column that says whose a record is."""
    return dataset.follow_by[0]
