"""Formats: one module for each form in which a file comes."""
