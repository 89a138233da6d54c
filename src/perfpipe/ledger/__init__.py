"""The ledger: what was received, read, computed and published, saved for good."""
