"""perfpipe: monthly performance reporting for a children's services Improvement Plan."""

__version__ = "0.1.0"
