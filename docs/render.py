"""Write the pages that follow from the code, or say which of them are not current.

    python -m docs.render            write them
    python -m docs.render --check    exit 1 and name the pages that differ

A fact stands once, in code; these pages are its shadow. ``make check`` compares them, so a
changed table without its changed page does not pass.
"""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from docs.formats_page import render_formats
from docs.properties import read_properties, render_properties
from docs.schema_page import render_schema
from enclave.actions import Action
from enclave.adapters.lined_yaml import read_lined
from enclave.adapters.translations import translate
from enclave.adoptions import ADOPTERS, PROPOSERS, ProposalKind
from enclave.audit.kinds import Kind
from enclave.identity import Role
from enclave.web.census import Who
from enclave.web.kind_words import words_of
from hub.portal import ROUTES
from output_review.workflow import CLOSED, MOVES, State, whose_hand

ROOT = Path(__file__).resolve().parent.parent
GENERATED = "<!-- Written by docs/render.py from the code. Change the code, then run it again. -->\n"


def workflow() -> str:
    """States and moves of a release request, as a diagram and a table."""
    lines = [
        "# The road of a release request",
        "",
        GENERATED,
        "Everything that can happen to a request, from `MOVES` in `output_review/workflow.py`. A move that is",
        "not here cannot be made; without the moves of the checkers, `released` cannot be reached.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        "    direction LR",
        f"    [*] --> {State.DRAFT.value}",
    ]
    lines += [f"    {m.source.value} --> {m.target.value}: {m.by.value}" for m in MOVES]
    lines += [f"    {state.value} --> [*]" for state in State if state in CLOSED]
    lines += [
        "```",
        "",
        "| from | to | who | what it takes | what the ledger says |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {m.source.value} | {m.target.value} | {m.by.value} | {_code(m.action)} | `{m.kind.value}` |"
        for m in MOVES
    ]
    lines += ["", "| state | whose turn |", "|---|---|"]
    lines += [f"| {state.value} | {whose_hand(state).value} |" for state in State]
    return "\n".join(lines) + "\n"


def _code(action: Action | None) -> str:
    return f"`{action.value}`" if action else "–"


def audit_events() -> str:
    """Every kind of event, in both languages."""
    lines = [
        "# What the ledger can say",
        "",
        GENERATED,
        "Every kind of event, from `Kind` in `enclave/audit/kinds.py`. A kind ending in `_intended` is the first",
        "half of an effect outside the database; `_done` or `_undone` follows it.",
        "",
        "| kind | English | 日本語 |",
        "|---|---|---|",
    ]
    for kind in Kind:
        words = words_of(kind.value)
        lines.append(f"| `{kind.value}` | {words.en} | {translate(words, 'ja')} |")
    return "\n".join(lines) + "\n"


def actions() -> str:
    """Every action a person can ask for, and who proposes and adopts."""
    lines = [
        "# What a person can ask for",
        "",
        GENERATED,
        "Every action, from `Action` in `enclave/actions.py`, as room, thing and verb. Whether a person may is",
        "decided anew each time by `decide` in `enclave/decisions.py`; what it takes is in each room's `permissions`.",
        "",
        "| room | thing | verb |",
        "|---|---|---|",
    ]
    lines += ["| " + " | ".join(action.value.split(":")) + " |" for action in Action]
    lines += [
        "",
        "## What takes two people",
        "",
        "The one who proposes and the one who adopts are never the same person, whatever roles they hold.",
        "",
        "| what | who may propose | who may adopt |",
        "|---|---|---|",
    ]
    lines += [
        f"| {kind.value} | {_roles(PROPOSERS, kind)} | {_roles(ADOPTERS, kind)} |" for kind in ProposalKind
    ]
    return "\n".join(lines) + "\n"


def _roles(table: Mapping[ProposalKind, frozenset[Role]], kind: ProposalKind) -> str:
    return ", ".join(sorted(role.value for role in table.get(kind, frozenset()))) or "nobody"


def policies() -> str:
    """The board's numbers with their sources."""
    lines = [
        "# The board's numbers",
        "",
        GENERATED,
        "Every number in `policies/*.yaml` with the source it was taken from. A deployment may tighten the built-in",
        "floors, never loosen them; the set is adopted by two board members, and its digest stands on every decision.",
    ]
    for path in sorted((ROOT / "policies").glob("*.yaml")):
        document, _ = read_lined(path.read_text("utf-8"))
        lines += ["", f"## {path.stem}", "", "| number | value | source |", "|---|---|---|"]
        lines += [f"| `{name}` | {value} | {source} |" for name, value, source in _numbers(document, "")]
    return "\n".join(lines) + "\n"


def _numbers(document: object, place: str) -> list[tuple[str, object, str]]:
    if not isinstance(document, dict):
        return []
    if {"value", "source"} <= set(document):
        return [(place, document["value"], " ".join(str(document["source"]).split()))]
    return [
        row
        for name, inner in document.items()
        for row in _numbers(inner, f"{place}.{name}" if place else str(name))
    ]


def properties() -> str:
    """The security properties, each with the test that holds it."""
    return render_properties(read_properties(ROOT / "tests" / "spec"), GENERATED)


def routes() -> str:
    """Every door of the portal."""
    lines = [
        "# The portal's doors",
        "",
        GENERATED,
        "Every route, from `ROUTES` in `hub/portal.py`; a test holds the application to this list in both directions.",
        "A program asks the same addresses with `Accept: application/json`.",
        "",
        "| method | path | who may knock | what changes | recorded as |",
        "|---|---|---|---|---|",
    ]
    for route in sorted(ROUTES, key=lambda r: (r.path, r.method)):
        who = route.who.value if isinstance(route.who, Who) else ", ".join(sorted(r.value for r in route.who))
        records = ", ".join(f"`{kind.value}`" for kind in route.records) or "–"
        lines.append(f"| {route.method} | `{route.path}` | {who} | {route.changes or '–'} | {records} |")
    return "\n".join(lines) + "\n"


def schema() -> str:
    """The data dictionary."""
    return render_schema(GENERATED)


def formats() -> str:
    """What may be sent and what becomes of it."""
    return render_formats(GENERATED)


PAGES: dict[str, Callable[[], str]] = {
    "docs/catalog/schema.md": schema,
    "docs/reference/workflow.md": workflow,
    "docs/reference/audit-events.md": audit_events,
    "docs/reference/actions.md": actions,
    "docs/reference/formats.md": formats,
    "docs/reference/policies.md": policies,
    "docs/reference/portal-routes.md": routes,
    "docs/security/properties.md": properties,
}


def stale_pages() -> list[str]:
    """The pages whose file is not what the code says."""
    return [
        name
        for name, render in PAGES.items()
        if not (ROOT / name).is_file() or (ROOT / name).read_text("utf-8") != render()
    ]


def main(arguments: list[str]) -> int:
    """Write or compare."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: python -m docs.render [--check]\n")
        return 2
    stale = stale_pages()
    if arguments:
        sys.stdout.write("".join(f"not current: {name}\n" for name in stale))
        return 1 if stale else 0
    for name in stale:
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(PAGES[name](), "utf-8")
        sys.stdout.write(f"written: {name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
