"""Notebook files, read as a stranger's and measured by what a person sees of them. Pure.

The kernel can write a notebook without ever showing it, so the outputs in a file follow the
rules of live ones, attachments are dropped and texts are joined into one form. A cell that
was brought in or paid for before is known by its digest and costs no more than the floor.
On the way in a notebook is measured without the pictures that this desk showed itself.
"""

import base64
import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from .meter import FLOOR, Cost, Limits, Part, Seen
from .mime import PICTURES, Sanitiser, cut, join, trim_mime
from .outputs import count_of, stream_name, trim_error

_CELLS: Final = frozenset({"code", "markdown", "raw"})


class NoNotebookError(ValueError):
    """The bytes are no notebook of version 4."""


def read_notebook(content: bytes, sanitise: Sanitiser | None, limits: Limits) -> dict[str, Any]:
    """Parse a file and trim it."""
    try:
        notebook = json.loads(content)
    except (ValueError, RecursionError):
        raise NoNotebookError from None
    return trim_notebook(notebook, sanitise, limits)


def trim_notebook(notebook: Any, sanitise: Sanitiser | None, limits: Limits) -> dict[str, Any]:
    """Write a notebook anew: its cells, their outputs by the tables, no attachments."""
    if not isinstance(notebook, dict) or notebook.get("nbformat") != 4:
        raise NoNotebookError
    cells, metadata = notebook.get("cells"), notebook.get("metadata")
    if not isinstance(cells, list) or not isinstance(metadata, dict):
        raise NoNotebookError
    return {
        "cells": [_trim_cell(cell, sanitise, limits) for cell in cells],
        "metadata": metadata,
        "nbformat": 4,
        "nbformat_minor": min(count_of(notebook.get("nbformat_minor")) or 0, 5),
    }


def trim_output(output: Any, sanitise: Sanitiser | None, limits: Limits) -> dict[str, Any] | None:
    """Write one saved output of a notebook anew, by the rules of a live one."""
    if not isinstance(output, Mapping):
        return None
    kind = output.get("output_type")
    if kind == "stream":
        text = cut(join(output.get("text", "")), limits.text)
        return {"output_type": kind, "name": stream_name(output), "text": text}
    if kind == "error":
        return {"output_type": kind, **trim_error(output, limits).content}
    if kind in {"display_data", "execute_result"}:
        data, _ = trim_mime(output.get("data"), sanitise, limits)
        shown: dict[str, Any] = {"output_type": kind, "data": data, "metadata": {}}
        if kind == "execute_result":
            shown["execution_count"] = count_of(output.get("execution_count"))
        return shown
    return None


def has_attachments(notebook: Any) -> bool:
    """Tell whether a cell carries files of its own."""
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    return any(isinstance(cell, dict) and cell.get("attachments") for cell in cells or [])


def cost_of_notebook(notebook: Mapping[str, Any], seen: Seen) -> Cost:
    """What a trimmed notebook costs; cells that are known cost the floor each."""
    text = len(_json({name: value for name, value in notebook.items() if name != "cells"}))
    image = 0
    for cell in notebook["cells"]:
        whole = _cell_part(cell)
        if whole.digest in seen:
            text += FLOOR
            continue
        text += len(whole.payload)
        for raw, letters in _pictures(cell):
            text -= letters
            if Part("image", raw, image=True).digest in seen:
                text += FLOOR
            else:
                image += len(raw)
    return Cost(max(text, FLOOR), image)


def parts_of_notebook(notebook: Mapping[str, Any]) -> Iterator[Part]:
    """Everything that is known of a trimmed notebook once it was shown or brought in."""
    for cell in notebook["cells"]:
        yield _cell_part(cell)
        yield Part("source", str(cell["source"]).encode("utf-8", "replace"))
        for raw, _ in _pictures(cell):
            yield Part("image", raw, image=True)


def measure_incoming(notebook: Any, images: Seen) -> int:
    """Bytes that a browser brings in with a notebook: all of it, but pictures that came from here."""
    length = len(_json(notebook))
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    for cell in cells or []:
        for raw, letters in _pictures(cell):
            if Part("image", raw, image=True).digest in images:
                length -= letters
    return length


def _trim_cell(cell: Any, sanitise: Sanitiser | None, limits: Limits) -> dict[str, Any]:
    if not isinstance(cell, dict) or cell.get("cell_type") not in _CELLS:
        raise NoNotebookError
    kept = copy.copy(cell)
    kept.pop("attachments", None)
    kept["source"] = join(cell.get("source", ""))
    metadata = cell.get("metadata")
    kept["metadata"] = {
        name: value
        for name, value in (metadata.items() if isinstance(metadata, dict) else ())
        if name != "trusted"
    }
    if cell["cell_type"] == "code":
        outputs = cell.get("outputs")
        written = (
            trim_output(one, sanitise, limits) for one in (outputs if isinstance(outputs, list) else [])
        )
        kept["outputs"] = [output for output in written if output is not None]
        kept["execution_count"] = count_of(cell.get("execution_count"))
    else:
        kept.pop("outputs", None)
    return kept


def _cell_part(cell: Mapping[str, Any]) -> Part:
    return Part("cell", _json(cell))


def _pictures(cell: Any) -> Iterator[tuple[bytes, int]]:
    """The pictures in a cell's outputs, decoded, and the letters that each takes in JSON."""
    outputs = cell.get("outputs") if isinstance(cell, dict) else None
    for output in outputs if isinstance(outputs, list) else []:
        data = output.get("data") if isinstance(output, dict) else None
        for kind in PICTURES:
            letters = data.get(kind) if isinstance(data, dict) else None
            if isinstance(letters, str):
                try:
                    raw = base64.b64decode("".join(letters.split()), validate=True)
                except ValueError:
                    continue
                yield raw, len(letters)


def _json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "replace")
