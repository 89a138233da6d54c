"""Tests of perfpipe: they mirror the package."""
