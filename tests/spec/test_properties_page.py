"""The page of security properties tells exactly what the spec tests hold."""

from pathlib import Path

import pytest

from docs.properties import UnreadableSpecError, read_properties, render_properties
from docs.render import ROOT, properties

SPEC = Path(__file__).parent
PAGE = ROOT / "docs" / "security" / "properties.md"


def spec(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, "utf-8")


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == properties()


def test_every_property_of_the_spec_is_on_the_page() -> None:
    page = PAGE.read_text("utf-8")
    told = read_properties(SPEC)
    assert len(told) >= 10
    for one in told:
        assert f"\n{one.number}. {one.sentence} " in page


def test_a_property_is_read_with_its_number_chapter_and_sentence(tmp_path: Path) -> None:
    spec(
        tmp_path,
        "test_a.py",
        '"""Keys."""\ndef test_01_x() -> None:\n    """No key\n    leaves.\n\n    Why."""\n',
    )
    (one,) = read_properties(tmp_path)
    assert (one.number, one.chapter, one.sentence) == (1, "Keys", "No key leaves.")
    assert "## Keys\n\n1. No key leaves. (`test_a.py`)\n" in render_properties([one], "")


@pytest.mark.parametrize(
    "text",
    [
        '"""Keys."""\ndef test_x() -> None:\n    """No key leaves."""\n',
        '"""Keys."""\ndef test_01_x() -> None: ...\n',
        'def test_01_x() -> None:\n    """No key leaves."""\n',
        '"""Keys."""\ndef test_02_x() -> None:\n    """No key leaves."""\n',
    ],
)
def test_a_spec_that_states_nothing_is_refused(tmp_path: Path, text: str) -> None:
    spec(tmp_path, "test_a.py", text)
    with pytest.raises(UnreadableSpecError):
        read_properties(tmp_path)


def test_a_number_given_twice_is_refused(tmp_path: Path) -> None:
    for name in ("test_a.py", "test_b.py"):
        spec(tmp_path, name, '"""Keys."""\ndef test_01_x() -> None:\n    """No key leaves."""\n')
    with pytest.raises(UnreadableSpecError):
        read_properties(tmp_path)
