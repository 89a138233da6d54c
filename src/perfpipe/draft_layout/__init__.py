"""Draft a layout: what a file holds, matched with a dataset, for a person to look at and accept."""
