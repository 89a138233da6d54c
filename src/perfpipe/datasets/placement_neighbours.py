"""A child's episodes of care beside each other: what came before and after each, as the rules about them ask."""

from __future__ import annotations

from perfpipe.datasets.in_order import InOrder
from perfpipe.datasets.placement_codes import TEMPORARY
from perfpipe.datasets.placement_values import is_postcode
from perfpipe.dates.months import local_day
from perfpipe.frames.libraries import pd

PLACED = ("placement_code", "provider_code", "known_postcode", "urn")
FROM_BEFORE = (
    "ceased_on",
    "cease_reason_code",
    "legal_status_code",
    "need_code",
    "change_reason_code",
    *PLACED,
    "source_row",
)
FROM_NEXT = ("source_row", "started_on", "new_episode_reason_code", "placement_code")


def with_neighbours(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with `previous_*` and `next_*` of the child's episodes before and after, blank where there is none.

    Also `rank` (place in the order of child and start), `latest_end_before` (of all earlier episodes; an open one is
    far away), `follows_on` (starts on the day the previous one ended), `today` (the day of the extract), `until` (its
    end, or today while open), `known_postcode` of the placement (blank if it is none) and `usual_code` and
    `usual_postcode`, the placement before it that is not temporary.
    """
    today = local_day(rows["as_at"])
    rows = rows.assign(known_postcode=rows["placement_postcode"].where(is_postcode(rows["placement_postcode"])))
    ordered = InOrder.of(rows, "child_id", "started_on")
    before, after = ordered.positions(-1), ordered.positions(+1)
    usual = ordered.last_before(~rows["placement_code"].isin(TEMPORARY).to_numpy())
    added = {f"previous_{name}": ordered.at(name, before) for name in FROM_BEFORE}
    added |= {f"next_{name}": ordered.at(name, after) for name in FROM_NEXT}
    return rows.assign(
        **added,
        rank=ordered.rank(),
        is_first=before < 0,
        is_last=after < 0,
        latest_end_before=ordered.latest_end_before(rows["ceased_on"]),
        follows_on=added["previous_ceased_on"] == rows["started_on"],
        today=today,
        until=rows["ceased_on"].fillna(today),
        usual_code=ordered.at("placement_code", usual),
        usual_postcode=ordered.at("known_postcode", usual),
    )


def same(rows: pd.DataFrame, column: str) -> pd.Series[bool]:
    """Both this episode and the previous one have a value, and it is the same."""
    return (rows[column] == rows[f"previous_{column}"]).fillna(False).astype(bool)


def differs(rows: pd.DataFrame, column: str) -> pd.Series[bool]:
    """Both this episode and the previous one have a value, and it is another one."""
    both = rows[column].notna() & rows[f"previous_{column}"].notna()
    return both & ~same(rows, column)


def moved_on(rows: pd.DataFrame) -> pd.Series[bool]:
    """Another placement than before by its code, provider, postcode or number."""
    moved = pd.Series(False, index=rows.index)
    for column in PLACED:
        moved |= differs(rows, column)
    return moved


def stayed(rows: pd.DataFrame) -> pd.Series[bool]:
    """The same placement as before, compared with its postcode: by the code alone one carer looks like another."""
    return ~moved_on(rows) & same(rows, "placement_code") & same(rows, "known_postcode")
