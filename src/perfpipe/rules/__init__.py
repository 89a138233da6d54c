"""Rules: everything that can be wrong with a file, a cell, a row or between extracts, each stated once."""
