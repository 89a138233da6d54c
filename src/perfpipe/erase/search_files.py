"""Search: whether any text stands in a file, whatever its format; archives are opened, PDFs are read.

Binary files, such as old workbooks, are looked through as texts of one and of two bytes a sign. One with a password
cannot be searched, and is said.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from zipfile import BadZipFile, ZipFile, is_zipfile

from perfpipe.read.formats.container import OLE, is_encrypted
from perfpipe.validate.erased_people import can_be_named

ENDS = ("le", "be")
PICTURES = (".png", ".jpg", ".jpeg", ".woff", ".woff2", ".ttf")  # drawn from what stands in the texts beside them


class UnsearchableError(Exception):
    """A file that cannot be searched."""


class TextSearch:
    """Finds any of some texts, as words by themselves, whatever the case."""

    def __init__(self, texts: Collection[str]) -> None:
        wanted = sorted({" ".join(each.split()) for each in texts if each.strip()}, key=len, reverse=True)
        words = [r"\s+".join(map(re.escape, each.split())) for each in wanted if can_be_named(each)]
        any_of_them = "|".join(words)
        self._pattern = re.compile(rf"(?<!\w)(?:{any_of_them})(?!\w)", re.IGNORECASE) if words else None
        # beside a text in a binary file stands anything, which may read as a letter of some far script
        apart = rf"(?<![A-Za-z0-9_])(?:{any_of_them})(?![A-Za-z0-9_])"
        self._in_binary = re.compile(apart, re.IGNORECASE) if words else None

    def is_in(self, text: str) -> bool:
        """Whether a text holds one of them."""
        return self._pattern is not None and self._pattern.search(text) is not None

    def is_in_file(self, path: Path) -> bool:
        """Whether a file does. Raises UnsearchableError, OSError."""
        suffix = path.suffix.lower()
        return suffix not in PICTURES and self.is_in_bytes(suffix, path.read_bytes())

    def is_in_bytes(self, suffix: str, content: bytes) -> bool:
        """Whether the content of a file with such a name does. Raises UnsearchableError."""
        pattern = self._in_binary if b"\0" in content else self._pattern
        return pattern is not None and any(pattern.search(text) for text in _texts_of(suffix, content))


def _texts_of(suffix: str, content: bytes) -> Iterator[str]:
    if suffix == ".pdf":
        yield from _of_pdf(content)
    elif is_zipfile(io.BytesIO(content)):
        try:
            with ZipFile(io.BytesIO(content)) as archive:
                for name in archive.namelist():
                    yield from (name, *_texts_of(Path(name).suffix.lower(), archive.read(name)))
        except (BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
            raise UnsearchableError from error
    elif content.startswith(OLE) and is_encrypted(io.BytesIO(content)):
        raise UnsearchableError
    elif suffix not in PICTURES:
        yield content.decode("utf-8", errors="replace")
        if b"\0" in content:
            yield from (content[start:].decode(f"utf-16-{end}", errors="replace") for start in (0, 1) for end in ENDS)


def _of_pdf(content: bytes) -> Iterator[str]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        for page in PdfReader(io.BytesIO(content)).pages:
            yield page.extract_text()
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise UnsearchableError from error
