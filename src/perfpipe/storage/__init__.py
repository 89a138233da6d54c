"""Storage: files written whole or not at all, for their owner alone, and what a machine that cannot says."""
