"""perfpipe: monthly performance reporting for a children's services Improvement Plan."""

import os

__version__ = "0.1.0"

os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # none is used; to look for some reads every package
