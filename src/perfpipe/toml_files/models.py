"""TOML files read into models that refuse unknown keys, with every problem on a line of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from perfpipe.phrases.near_names import meant
from perfpipe.storage.failures import failure_of
from perfpipe.toml_files.not_found import not_found
from perfpipe.toml_files.parse import NotToml, parse_toml
from perfpipe.toml_files.positions import line_of

T = TypeVar("T", bound=BaseModel)
Problem = tuple[list[str], str]  # the keys that lead there, and what is wrong


def _written_as_meant(path: str) -> str:
    if not path.isprintable():
        raise ValueError(
            "\\ in double quotes makes a sign of its own, such as a tab: write the path in single quotes, "
            "'C:\\...', or with / in place of \\"
        )
    return path


PathText = Annotated[str, Field(min_length=1), AfterValidator(_written_as_meant)]  # of a file or folder


class SettingsError(Exception):
    """Wrong settings, plan or use. `problems` has one line each, ready to be shown."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Strict(BaseModel):
    """A settings model that refuses unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def load_toml(path: Path, model: type[T], secret: bool = False) -> T:
    """Read a TOML file into a settings model. Raises SettingsError with one line per problem.

    `secret`: the file holds values about children, and nothing in it is repeated.
    """
    tables = read_toml(path, secret)
    try:
        return model.model_validate(tables)
    except ValidationError as error:
        problems = model_problems(model, error, secret)
    raise_problems(path, problems)
    raise AssertionError("a validation error without a problem")


def read_toml(path: Path, secret: bool = False) -> dict[str, object]:
    """The tables of a TOML file as they are. Raises SettingsError; `secret` as for `load_toml`."""
    try:
        return parse_toml(_content(path))
    except NotToml as error:
        what = f"{error.place} {error.remedy}".strip() if secret else str(error)
        raise SettingsError([f"{path}: not valid TOML: {what}"]) from None


def model_problems(model: type[BaseModel], error: ValidationError, secret: bool = False) -> list[Problem]:
    """What a settings model refused, each with the keys that lead there."""
    return [_secret(model, dict(e)) if secret else _problem(model, dict(e)) for e in error.errors()]


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise SettingsError([not_found(path)]) from None
    except OSError as error:
        raise failure_of(error, path, "read") from None


def raise_problems(path: Path, problems: Sequence[Problem]) -> None:
    """Raise SettingsError with file, line, key and what is wrong for each problem; nothing if there are none."""
    if problems:
        raise SettingsError(problem_lines(path, problems))


def problem_lines(path: Path, problems: Sequence[Problem]) -> list[str]:
    """A line for each problem: file, line, key and what is wrong."""
    text = _content(path).decode("utf-8-sig") if problems else ""
    lines = []
    for keys, what in problems:
        line = line_of(text, keys)
        at = f"{path}, line {line}" if line else f"{path}"
        lines.append(f"{at}: {'.'.join(keys) or 'the file'}: {what}")
    return lines


def _problem(model: type[BaseModel], error: Mapping[str, Any]) -> Problem:
    keys = [str(part) for part in error["loc"]]
    if error["type"] == "missing":
        return keys, "is missing"
    if error["type"] == "extra_forbidden":
        known = _known_keys(model, keys[:-1])
        return keys, f"unknown key; {meant(keys[-1], known)}expected one of {', '.join(known)}"
    message = str(error["msg"]).removeprefix("Value error, ").replace("Input should be", "expected")
    found = error.get("input")
    return keys, message if isinstance(found, dict | list | tuple) else f"{message}; found {found!r}"


def _secret(model: type[BaseModel], error: Mapping[str, Any]) -> Problem:
    """A problem by the keys that the model has, as one that it has not may be a value in the wrong place."""
    keys: list[str] = []
    for part in map(str, error["loc"]):
        if not part.isdigit() and part not in _known_keys(model, keys):
            break
        keys.append(part)
    if error["type"] == "missing":
        return keys, "is missing"
    if error["type"] == "extra_forbidden":
        return keys, f"has an unknown key; expected one of {', '.join(_known_keys(model, keys))}"
    if error["type"] == "string_type":
        return keys, "expected text in quotes"
    return keys, str(error["msg"]).partition(";")[0].removeprefix("Value error, ").replace("Input should", "should")


def _known_keys(model: type[BaseModel], keys: Sequence[str]) -> list[str]:
    """The keys that a table may have, by the keys that lead to it; positions and free names lead on."""
    for key in keys:
        names = {field.alias or name: field.annotation for name, field in model.model_fields.items()}
        model = _model_in(names[key]) if key in names else model
        if model is None:
            return []  # a table of free names
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: Any) -> Any:
    """The settings model that an annotation holds, as in `dict[str, tuple[Layout, ...]]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_in(argument) for argument in get_args(annotation))
    return next((found for found in inner if found is not None), None)
