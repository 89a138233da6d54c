"""The ledger: what was received, read, computed and published, kept for good."""
