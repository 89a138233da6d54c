"""A job: what one run works with, and what decides its figures."""
