"""Commentary: what the owners of measures write of them, asked for in a workbook and taken in when it comes back."""
