"""Every sentence of the portal exists in Japanese, in every template and every page module."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from enclave.adapters.translations import catalogue

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(ROOT.glob("*/web/templates/*/*.html"))
MODULES = sorted([*ROOT.glob("*/web/*.py"), *ROOT.glob("hub/portal*.py")])
SPOKEN = re.compile(r"""\b_\((?P<quote>["'])(?P<text>.*?)(?P=quote)[,)]""")


def of_template(path: Path) -> Iterator[str]:
    yield from (found["text"] for found in SPOKEN.finditer(path.read_text("utf-8")))


def of_module(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
            assert isinstance(node.args[0], ast.Constant), f"{path}: a sentence is a literal"
            yield str(node.args[0].value)


@pytest.mark.parametrize("path", [*TEMPLATES, *MODULES], ids=lambda p: str(p.relative_to(ROOT)))
def test_every_sentence_has_its_japanese_with_the_same_gaps(path: Path) -> None:
    known = catalogue("ja")
    for text in of_template(path) if path.suffix == ".html" else of_module(path):
        assert text in known, f"no Japanese for: {text}"
        gaps = [{name for _, name, _, _ in Formatter().parse(t) if name} for t in (text, known[text])]
        assert gaps[0] == gaps[1], text


def test_there_is_something_to_speak_of() -> None:
    assert len(TEMPLATES) >= 12
    assert len(MODULES) >= 15
    assert sum(len(list(of_template(path))) for path in TEMPLATES) > 100


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_no_template_speaks_without_a_catalogue_or_turns_escaping_off(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "|safe" not in text.replace(" ", "")
    assert "autoescape" not in text
    assert "<script" not in text
    assert " style=" not in text
    assert not re.search(r"\son[a-z]+=", text)
    bare = re.sub(r"<[^>]*>", " ", re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL))
    words = set(re.findall(r"[A-Za-z]{3,}", bare)) - {"Hanare", "SHA"}
    assert not words, "English outside the catalogue"
