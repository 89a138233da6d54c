"""Publish: packs put in place, and committed with the figures they show."""
