"""What owners report about the actions of the sample's plan, month by month, after what the plan itself has."""

from __future__ import annotations

from datetime import date, datetime, time

from perfpipe_sample.knowledge import RecordHistory, history
from perfpipe_sample.records import ActionReport

FEBRUARY, MARCH = date(2018, 2, 14), date(2018, 3, 15)
REPORTED_AT = time(16, 0)
REPORTS = (
    ("2.2", FEBRUARY, "amber", "215 trained"),
    ("4.2", FEBRUARY, "amber", "Fewer than nine in ten"),
    ("5.2", FEBRUARY, "green", "Third round begun"),
    ("6.2", FEBRUARY, "green", "One of three areas reports"),
    ("8.1", FEBRUARY, "amber", "Post advertised again"),
    ("S1.1", FEBRUARY, "red", "No bidder yet"),
    ("S2.1", FEBRUARY, "amber", "17 approved"),
    ("S3.2", FEBRUARY, "green", ""),
    ("2.2", MARCH, "amber", "240 trained"),
    ("2.3", MARCH, "green", "Six audits held"),
    ("3.2", MARCH, "green", "Nine in ten trained"),
    ("3.3", MARCH, "red", "Supplier cannot deliver before July"),
    ("4.2", MARCH, "amber", "Nearly nine in ten"),
    ("5.2", MARCH, "green", "Third round under way"),
    ("6.2", MARCH, "amber", "Two of three areas report"),
    ("8.1", MARCH, "amber", "Interviews in April"),
    ("9.2", MARCH, "green", ""),
    ("S1.1", MARCH, "red", "Talks with two neighbouring councils"),
    ("S2.1", MARCH, "amber", "19 approved"),
    ("S2.2", MARCH, "green", "31 of 80 reviewed"),
    ("S3.2", MARCH, "green", ""),
)


def action_reports() -> list[RecordHistory[ActionReport]]:
    """Every status that was reported, in the list from the afternoon of its day on."""
    return [
        history(ActionReport(action_id, on, status, note), datetime.combine(on, REPORTED_AT))
        for action_id, on, status, note in REPORTS
    ]
