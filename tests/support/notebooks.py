"""Saved notebooks in small: cells, outputs and pictures as nbformat 4.5 writes them."""

import base64
import json
from typing import Any


def cell(source: object, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "execution_count": 1,
        "source": source,
        "outputs": list(outputs),
    }


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}


def picture(raw: bytes) -> dict[str, Any]:
    return {
        "output_type": "display_data",
        "data": {"image/png": base64.b64encode(raw).decode()},
        "metadata": {},
    }


def drawn_in_a_notebook(drawing: bytes) -> bytes:
    """A saved notebook with a drawing among its outputs, chosen to leave, as lines like any other text of it."""
    shown = {
        "image/svg+xml": drawing.decode().splitlines(keepends=True),
        "text/plain": "<Figure size 640x480>",
    }
    drawn = cell("plt.plot()", {"output_type": "display_data", "data": shown, "metadata": {}})
    return json.dumps(notebook({**drawn, "metadata": {"tags": ["release"]}})).encode()
