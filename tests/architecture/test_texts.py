"""What people read exists in both languages, and no file tells where it was made or fetched from."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.architecture.house_tree import (
    ROOMS,
    ROOT,
    all_texts,
    called_name,
    calls_in,
    files_below,
    modules_below,
    shown,
)

OUTSIDE = re.compile(
    r"https?://(?!127\.0\.0\.1|localhost|intake\b|hub\b|www\.w3\.org/|ns\.adobe\.com/|\{|\$)[\w.-]+|--(?:extra-)?index-url|--registry"
)
"""An address outside this machine, or a word that would carry one, in a file that fetches. Two hosts name
kinds of XML, and nothing asks them."""
FETCHING = ("setup", "images", "requirements", ".ci")
SOMEBODYS_HOME = re.compile(r"(?<![\w.~-])/(?:home|Users)/\w+/")
SENTENCE_MAKERS = {"say"}
GAP = re.compile(r"\{(\w+)\}")
TEMPLATE_SENTENCE = re.compile(r"""\b_\(\s*(["'])((?:\\.|(?!\1).)*)\1""")
HERE = Path(__file__)


def catalogue() -> dict[str, str]:
    """Every translated sentence, English to Japanese."""
    found: dict[str, str] = {}
    for room in ROOMS:
        for path in sorted((ROOT / room / "locale" / "ja" / "LC_MESSAGES").glob("*.po")):
            with path.open("rb") as file:
                for message in read_po(file):
                    if message.id and message.string and not message.fuzzy:
                        found[str(message.id)] = str(message.string)
    return found


def sentences() -> list[tuple[str, str]]:
    """Every sentence that the rooms can say, with its place."""
    said = []
    for path in modules_below(*ROOMS):
        for call in calls_in(path):
            if called_name(call) in SENTENCE_MAKERS and call.args:
                text = call.args[0]
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    said.append((f"{shown(path)}:{call.lineno}", text.value))
    for path in files_below(*ROOMS):
        if path.suffix == ".html":
            said += [(shown(path), found[2]) for found in TEMPLATE_SENTENCE.finditer(path.read_text("utf-8"))]
    return said


def test_every_sentence_is_written_where_it_is_said() -> None:
    """``say`` takes a literal: what is put together at run time cannot be translated."""
    wrong = [
        f"{shown(path)}:{call.lineno}"
        for path in modules_below(*ROOMS)
        if path.name not in {"sentences.py", "pages.py"}
        for call in calls_in(path)
        if called_name(call) in SENTENCE_MAKERS
        and not (call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str))
    ]
    assert wrong == []


def test_every_sentence_exists_in_japanese() -> None:
    known = catalogue()
    missing = [f"{place}: {text}" for place, text in sentences() if text not in known]
    assert missing == []


def test_translations_keep_the_gaps_of_their_sentence() -> None:
    wrong = {en: ja for en, ja in catalogue().items() if set(GAP.findall(en)) != set(GAP.findall(ja))}
    assert wrong == {}


def test_translations_are_in_japanese() -> None:
    kana_or_kanji = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
    symbols = {en for en, ja in catalogue().items() if not kana_or_kanji.search(ja)}
    assert {text for text in symbols if re.search(r"[a-z]{4}", text)} == set()


@pytest.mark.parametrize(
    ("sentence", "bad"),
    [
        ("https://" + "packages.example/simple", True),
        ("pip install --index-" + "url x", True),
        ("http://127.0.0.1:8000", False),
    ],
)
def test_the_pattern_knows_an_address_when_it_sees_one(sentence: str, *, bad: bool) -> None:
    assert bool(OUTSIDE.search(sentence)) is bad


def test_no_file_that_fetches_names_where_from() -> None:
    """The machine's own package clients know; a clone says nothing of where it was made."""
    fetching = [ROOT / "Makefile", ROOT / "pyproject.toml", *files_below(*FETCHING)]
    wrong = [
        f"{shown(path)}: {found[0]}"
        for path in fetching
        if path in set(all_texts()) and (found := OUTSIDE.search(path.read_text("utf-8", errors="replace")))
    ]
    assert wrong == []


def test_no_file_names_a_place_on_the_machine_it_was_written_on() -> None:
    wrong = []
    for path in all_texts():
        text = path.read_text("utf-8", errors="replace")
        if path != HERE and (f"{ROOT}/" in text or SOMEBODYS_HOME.search(text)):
            wrong.append(shown(path))
    assert wrong == []


def test_locks_hold_hashes_and_no_addresses() -> None:
    locks = [
        *files_below("requirements"),
        *(p for p in files_below("images") if p.name == "requirements.txt"),
    ]
    pinned = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*(?:\[[\w,-]+\])?)==\S+", re.MULTILINE)
    for path in (p for p in locks if p.suffix == ".txt"):
        text = path.read_text("utf-8")
        assert "://" not in text, shown(path)
        if pinned.search(text):
            assert text.count("--hash=sha256:") >= len(pinned.findall(text)), shown(path)


def test_the_proxy_lock_records_no_download_address() -> None:
    lock = (ROOT / "setup" / "proxy" / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in lock
    assert '"integrity"' in lock


def test_every_number_of_the_board_names_its_source() -> None:
    for path in files_below("policies"):
        if path.suffix == ".yaml":
            text = path.read_text("utf-8")
            assert text.count("value:") == text.count("source:"), shown(path)
