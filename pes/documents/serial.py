"""Blocks as plain JSON values and back, exactly: what is sealed is shown again without the database."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from pes.documents.blocks import Block, Facts, Figure, Grid, Note, Rich, Text, Title

_KINDS: dict[str, type[Block]] = {
    "title": Title,
    "text": Text,
    "note": Note,
    "facts": Facts,
    "grid": Grid,
    "rich": Rich,
    "figure": Figure,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def block_to_json(block: Block) -> dict[str, Any]:
    """A block as JSON values: its kind and its fields."""
    values = {one.name: _plain(getattr(block, one.name)) for one in fields(block)}
    return {"kind": _NAMES[type(block)], **values}


def block_from_json(stored: dict[str, Any]) -> Block:
    """The block that was kept; raises ValueError when its kind or its fields are not those of today."""
    kind = _KINDS.get(str(stored.get("kind")))
    if kind is None:
        raise ValueError(f"No hay un bloque «{stored.get('kind')}».")
    values = {name: _frozen(value) for name, value in stored.items() if name != "kind"}
    if kind is Grid:
        values["numeric"] = frozenset(values.get("numeric", ()))
    try:
        return kind(**values)
    except TypeError as error:
        raise ValueError(f"El bloque «{stored['kind']}» tiene otros campos.") from error


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _frozen(value: Any) -> Any:
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value
