"""Assess: figures against targets, comparators and their own past."""
