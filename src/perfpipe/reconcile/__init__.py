"""Reconcile: which extract is used for which month, and what is wrong between extracts."""
