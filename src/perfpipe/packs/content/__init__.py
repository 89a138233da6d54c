"""Content: assessed figures into the models of packs."""
