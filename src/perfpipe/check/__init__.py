"""Check: the faults of what was delivered, without a run, and the restricted workbook to correct them by."""
