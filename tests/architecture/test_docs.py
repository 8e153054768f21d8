"""The documents say what the code says, and point at what exists."""

import re
from pathlib import Path

import pytest

from docs.render import PAGES, ROOT, stale_pages
from enclave.audit.kinds import Kind
from enclave.web.kind_words import WORDS
from output_review.workflow import MOVES
from tests.architecture.house_tree import files_below, shown

LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
ADR_PARTS = ("Status:", "## Context", "## Decision", "## Consequences")
ROLES = ("officer", "researcher", "checker", "steward", "operator", "auditor", "board")
ADVERSARIES = (
    "A researcher",
    "A reviewer",
    "An operator",
    "A compromised desk",
    "A compromised kernel",
    "Root in the enclave zone",
    "Root in the producer zone",
)
DOCUMENTS = sorted((*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")))


def test_generated_pages_are_current() -> None:
    """Run ``python -m docs.render`` after changing what they are made of."""
    assert stale_pages() == []
    assert len(PAGES) >= 5


def test_the_workflow_page_tells_every_move() -> None:
    page = (ROOT / "docs/reference/workflow.md").read_text("utf-8")
    for move in MOVES:
        assert f"{move.source.value} --> {move.target.value}: {move.by.value}" in page


def test_every_kind_of_event_has_words() -> None:
    assert set(WORDS) == set(Kind)


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_links_lead_somewhere(document: Path) -> None:
    lost = [
        target
        for target in LINK.findall(document.read_text("utf-8"))
        if not (document.parent / target).exists()
    ]
    assert lost == []


def test_every_role_has_its_page() -> None:
    assert {path.stem for path in (ROOT / "docs/roles").glob("*.md")} == set(ROLES)


def test_the_threat_model_answers_for_every_adversary() -> None:
    page = (ROOT / "docs/security/threat-model.md").read_text("utf-8")
    for adversary in ADVERSARIES:
        assert f"\n## {adversary}\n" in page, adversary


def test_decisions_are_numbered_and_complete() -> None:
    records = sorted((ROOT / "docs/adr").glob("[0-9]*.md"))
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    for path in records:
        text = path.read_text("utf-8")
        assert all(part in text for part in ADR_PARTS), shown(path)
        assert text.startswith(f"# {path.name[:4]} "), shown(path)


def test_the_glossary_names_the_terms_of_the_act_in_both_languages() -> None:
    page = (ROOT / "docs/glossary.md").read_text("utf-8")
    for term in (
        "仮名加工医療情報",
        "匿名加工医療情報",
        "成果物",
        "取扱者",
        "ビジティング環境",
        "審査委員会",
    ):
        assert term in page, term


def test_synonyms_that_the_glossary_forbids_are_not_used() -> None:
    """The glossary lists them after ``not:``; documents and pages keep to the chosen word."""
    page = (ROOT / "docs/glossary.md").read_text("utf-8")
    forbidden = {word.strip() for found in re.findall(r"not: ([^|\n]+)", page) for word in found.split(",")}
    assert len(forbidden) >= 8
    wrong = []
    for path in (
        *DOCUMENTS,
        *(p for p in files_below("enclave", "output_review", "hub") if p.suffix == ".html"),
    ):
        if path.name == "glossary.md":
            continue
        text = path.read_text("utf-8").lower()
        wrong += [
            f"{shown(path)}: {word}" for word in forbidden if re.search(rf"\b{re.escape(word)}s?\b", text)
        ]
    assert wrong == []


def test_the_licence_is_apache_2() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
