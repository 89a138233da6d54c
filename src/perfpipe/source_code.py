"""What a program's results follow from besides its input: the source code that makes them, and its libraries.

What is cached, and what is published, is named by the identity of the code that made it. That identity covers every
module of the package that can be reached by import from where the making begins, so that no list has to be kept; and
of each module its syntax tree, so that a comment, a line break or a docstring makes nothing out of date. Everything
that caches or publishes asks this module, and it knows none of them: so it stands on the lowest floor.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parent
DISTRIBUTIONS = {  # by the name that is imported, where it is not the distribution's own
    "PIL": "pillow",
    "msoffcrypto": "msoffcrypto-tool",
    "python_calamine": "python-calamine",
    "zoneinfo": "tzdata",  # of the standard library, but not its data
}
MODULE = re.compile(rf"{PACKAGE.name}(\.\w+)+")  # a text like this names a module that a child process is to run
MOST_STORED = 1000  # files, of which the package has some 230: beyond that, what is not in use is dropped


class Source(NamedTuple):
    """What one file says: the hash of its syntax tree without docstrings, and the full names that it imports."""

    tree: str
    imports: list[str]


class SourceCode:
    """The source of a package, each file of which is read once. Parsing takes a second, so its result is stored.

    The store stands beside Python's own compiled files. It is keyed by the content of the files and of this one, so
    it is never out of date, and it can be deleted at any time; where it cannot be written every run takes longer.
    """

    def __init__(self, package: Path) -> None:
        self._package = package
        self._sources: dict[str, Source] = {}  # by module
        self._parsed: dict[str, Source] = {}  # by the hash of the file: those that the store did not have
        self._versions: dict[str, str] = {}

    def identity(self, *entries: str) -> str:
        """A hash of all the code that can be reached by import from some modules, of its libraries' versions and
        of the files beside it.

        Raises ModuleNotFoundError for an entry that the package does not have.
        """
        python = f"{sys.version_info.major}.{sys.version_info.minor}"
        trees = {name: source.tree for name, source in self.reachable(*entries).items()}
        content = json.dumps([python, trees, self.libraries(*entries), self.files_beside(*entries)], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()

    def reachable(self, *entries: str) -> dict[str, Source]:
        """The modules that can be reached by import from some modules, themselves included, by their names.

        An import inside a function counts, one for type checking does not. With a module its packages are imported.
        A text that is the name of a module counts as an import: child processes are started by it.
        """
        if unknown := [entry for entry in entries if entry not in self._files]:
            raise ModuleNotFoundError(f"no module {', '.join(unknown)}")
        found: dict[str, Source] = {}
        waiting = [*entries]
        while waiting:
            parts = waiting.pop().split(".")
            for name in (".".join(parts[:number]) for number in range(1, len(parts) + 1)):
                if name in self._files and name not in found:
                    found[name] = self._source(name)
                    waiting += found[name].imports
        self._store()
        return found

    def libraries(self, *entries: str) -> dict[str, str]:
        """The versions of the libraries that this code imports, by the names of their distributions.

        Raises importlib.metadata.PackageNotFoundError for an import that no distribution is known for.
        """
        names = {name.partition(".")[0] for source in self.reachable(*entries).values() for name in source.imports}
        others = names - {self._package.name} - (sys.stdlib_module_names - set(DISTRIBUTIONS))
        distributions = sorted(DISTRIBUTIONS.get(name, name) for name in others)
        for name in distributions:
            if name not in self._versions:
                self._versions[name] = importlib.metadata.version(name)
        return {name: self._versions[name] for name in distributions}

    def files_beside(self, *entries: str) -> dict[str, str]:
        """The hashes of the files that stand in the folders of this code, as templates and fonts do, by their paths."""
        inits = [self._files[name] for name in self.reachable(*entries) if self._files[name].name == "__init__.py"]
        found = [path for init in inits for path in _beside(init.parent)]
        return {
            path.relative_to(self._package).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found
        }

    @cached_property
    def _files(self) -> dict[str, Path]:
        """Every module's file, by the module's name."""
        files = {}
        for path in self._package.rglob("*.py"):
            parts = path.relative_to(self._package.parent).with_suffix("").parts
            files[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
        return files

    def _source(self, name: str) -> Source:
        if name not in self._sources:
            content = self._files[name].read_bytes()
            sha256 = hashlib.sha256(content).hexdigest()
            stored = self._stored.get(sha256)
            if stored is None:
                stored = self._parsed[sha256] = source_of(content)
            self._sources[name] = stored
        return self._sources[name]

    @cached_property
    def _stored(self) -> dict[str, Source]:
        """What earlier processes have parsed, by the hashes of the files; nothing where that cannot be read."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            stored = json.loads(self._store_file.read_bytes())
            if stored["made_by"] == _own_hash():
                return {sha256: Source(*source) for sha256, source in stored["files"].items()}
        return {}

    def _store(self) -> None:
        """Add to the store what was parsed now."""
        if not self._parsed:
            return
        kept = self._stored if len(self._stored) < MOST_STORED else {}
        self._stored, self._parsed = kept | self._parsed, {}
        with suppress(OSError):
            self._store_file.parent.mkdir(parents=True, exist_ok=True)
            beside = self._store_file.with_suffix(f".{os.getpid()}.part")
            beside.write_text(json.dumps({"made_by": _own_hash(), "files": self._stored}), encoding="utf-8")
            os.replace(beside, self._store_file)

    @cached_property
    def _store_file(self) -> Path:
        compiled = Path(importlib.util.cache_from_source(str(self._package / "source_code.py")))
        return compiled.with_suffix(".json")


def source_of(content: bytes) -> Source:
    """What a file of source says. Raises ValueError for a relative import, which alone does not say what it names."""
    tree = ast.parse(content)
    imports = sorted(set(_imports(tree)))
    for node in ast.walk(tree):
        match node:
            case ast.Module() | ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                if ast.get_docstring(node, clean=False) is not None:
                    del node.body[0]
    return Source(hashlib.sha256(ast.dump(tree).encode()).hexdigest(), imports)


def _imports(tree: ast.Module) -> Iterator[str]:
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        match node:
            case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING")):
                waiting += node.orelse
                continue
            case ast.Import():
                yield from (alias.name for alias in node.names)
            case ast.ImportFrom(level=0):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            case ast.ImportFrom():
                raise ValueError(f"line {node.lineno}: a relative import; expected the full name of the module")
            case ast.Constant(value=str(text)) if MODULE.fullmatch(text):
                yield text
        waiting += ast.iter_child_nodes(node)


@cache
def _own_hash() -> str:
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()


@cache
def own_source() -> SourceCode:
    """The source of this package, as it stands when it is first asked for."""
    return SourceCode(PACKAGE)


@cache
def source_identity(*entries: str) -> str:
    """The identity of this package's code from some modules on, as `SourceCode.identity`."""
    return own_source().identity(*entries)


def _beside(folder: Path) -> Iterator[Path]:
    """The files of a package that are no modules, and those in its folders that are no packages."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "__pycache__")):
            continue
        if path.is_file() and path.suffix != ".py":
            yield path
        elif path.is_dir() and not (path / "__init__.py").exists():
            yield from _beside(path)
