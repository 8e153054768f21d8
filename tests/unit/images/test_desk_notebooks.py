"""Saved notebooks follow the rules of live outputs, and are measured without the desk's own pictures."""

import base64
import json

from images.analysis.desk.hanare_desk.meter import Limits, Part, Seen
from images.analysis.desk.hanare_desk.notebooks import measure_incoming, parts_of_notebook, trim_notebook
from tests.support.notebooks import cell, notebook, picture

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


def test_what_comes_in_is_measured_without_the_desks_own_pictures() -> None:
    shown, images = notebook(cell("1", picture(PNG))), Seen()
    whole = len(json.dumps(shown, separators=(",", ":")))
    assert measure_incoming(shown, images) == whole
    images.add_parts([Part("image/png", PNG, image=True)])
    assert measure_incoming(shown, images) == whole - len(base64.b64encode(PNG))
    assert measure_incoming(notebook(cell("1", picture(PNG + b"."))), images) > whole - 100


def test_saved_outputs_follow_the_rules_of_live_ones() -> None:
    saved = notebook(
        {
            **cell(
                ["a\n", "b"],
                {"output_type": "stream", "name": "stdout", "text": ["A" * 100_000]},
                {"output_type": "display_data", "data": {"application/x": "B"}, "metadata": {"m": 1}},
                {"output_type": "smuggled", "data": {}},
            ),
            "attachments": {"a": {}},
            "metadata": {"trusted": True, "kept": 1},
        },
        {"cell_type": "markdown", "metadata": {}, "source": "x", "attachments": {"a": {"image/png": "x"}}},
    )
    trimmed = trim_notebook(saved, None, Limits())
    first, second = trimmed["cells"]
    assert "attachments" not in first
    assert "attachments" not in second
    assert first["source"] == "a\nb"
    assert first["metadata"] == {"kept": 1}
    kept = first["outputs"]
    assert [one["output_type"] for one in kept] == ["stream", "display_data"]
    assert len(kept[0]["text"]) < 65_000
    assert "application/x" not in str(kept)
    assert {part.kind for part in parts_of_notebook(trimmed)} == {"cell", "source"}
