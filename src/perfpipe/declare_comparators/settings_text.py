"""`[comparators]` in the text of `perfpipe.toml`: what is there keeps its comments and its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tomlkit
from tomlkit.items import AoT, Table

LISTS = ("neighbours", "match", "releases")


def with_comparators(settings: bytes, wanted: Mapping[str, Any]) -> bytes:
    """The settings with the wanted comparators; entries of lists that are as wanted stay as they are written."""
    text = settings.decode("utf-8-sig")
    is_windows = "\r\n" in text
    text = text.replace("\r\n", "\n")
    if "comparators" in (document := tomlkit.parse(text)):
        _change(document["comparators"], wanted)
        text = tomlkit.dumps(document)
    else:
        text = text.rstrip("\n") + "\n\n" + _new(wanted)
    return (text.replace("\n", "\r\n") if is_windows else text).encode()


def _new(wanted: Mapping[str, Any]) -> str:
    document = tomlkit.document()
    plain = {name: each for name, each in wanted.items() if name not in (*LISTS, "columns")}
    document.append("comparators", _table(plain | {"columns": wanted["columns"]}))
    _change(document["comparators"], wanted)
    return tomlkit.dumps(document).strip("\n") + "\n"


def _table(values: Mapping[str, Any]) -> Table:
    table = tomlkit.table()
    for name, value in values.items():
        if name == "columns":
            table.add(tomlkit.nl())
            table.append(name, _table(value))
        else:
            table.append(name, _value(value))
    return table


def _value(value: Any) -> Any:
    if isinstance(value, Mapping):
        inline = tomlkit.inline_table()
        inline.update(value)
        return inline
    return list(value) if isinstance(value, tuple) else value


def _change(table: Any, wanted: Mapping[str, Any]) -> None:
    for name, value in wanted.items():
        if name in LISTS:
            _change_list(table, name, value)
        elif name == "columns" and name in table:
            _change(table[name], value)
        elif name not in table or table[name] != value:
            table[name] = _table(value) if name == "columns" else _value(value)


def _change_list(table: Any, name: str, wanted: Sequence[Mapping[str, Any]]) -> None:
    there: list[Any] = list(table.get(name, ()))
    if there == list(wanted):
        return
    kept = there if list(wanted)[: len(there)] == there else []
    if not kept:
        table.pop(name, None)
        table[name] = tomlkit.aot()
    entries: AoT = table[name]
    for each in list(wanted)[len(kept) :]:
        entry = _table(each)
        entry.trivia.indent = "\n"
        entries.append(entry)
