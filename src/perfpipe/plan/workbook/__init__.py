"""The plan as a workbook: written out for people to edit, and read back."""
