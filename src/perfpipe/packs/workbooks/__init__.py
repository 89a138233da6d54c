"""Workbooks: models of packs into Excel. Knows no stage and no pandas."""
