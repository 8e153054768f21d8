"""Cases of the non-interference property: a source in its worlds, and a view that was accepted."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from catalog.profiles import ANON, PSEUDO, Profile
from catalog.schema.columns import Schema
from catalog.view_compiler import CompiledView, compile_view
from tests.support.view_slips import SLIPS
from tests.support.view_sources import make_source
from tests.support.view_worlds import FAILED, WORLDS, Extract, Worlds
from tests.support.view_writer import ViewWriter

NO_RULE: frozenset[str] = frozenset()
_SLIPPING = 0.2
_DEMANDING = 0.2
_MOST_WRITTEN = 40
"""Views written at most for one accepted case: more means that the writer no longer fits the compiler."""


@dataclass(frozen=True, slots=True)
class Found:
    """A world in which a view gives something else than in world 0."""

    world: int
    first: Extract
    other: Extract


@dataclass(frozen=True, slots=True)
class Case:
    """A view that was accepted and ran over its source."""

    seed: str
    text: str
    view: CompiledView
    worlds: Worlds
    features: frozenset[str]
    slip: str
    """The rule it breaks, or empty when it was not written to break any, or found no place to."""
    first: Extract
    """What it gives in world 0."""

    def difference(self) -> Found | None:
        """Where identifiers changed the extract, if anywhere. A view that fails there has changed too."""
        for number in range(1, WORLDS):
            other = self.worlds.extract(self.view, number)
            if other != self.first:
                return Found(number, self.first, other)
        return None


def accepted_cases(seed: int, count: int) -> Iterator[Case]:
    """Cases over one source, with every rule enforced."""
    return _cases(f"{seed}", count, sorted(SLIPS), NO_RULE)


def hunting_cases(rule: str, seed: int, count: int) -> Iterator[Case]:
    """Cases over one source in which every view breaks a rule that is not enforced."""
    return _cases(f"{rule} {seed}", count, [rule], frozenset({rule}))


def judged_views(seed: int, count: int) -> Iterator[tuple[frozenset[str], bool]]:
    """The features of views written without a slip, and whether the compiler accepted each; none is run."""
    chance = random.Random(f"judged {seed}")
    schema = make_source(chance).schema
    for _ in range(count):
        writer = ViewWriter(chance, schema, demanding=chance.random() < _DEMANDING)
        accepted = compile_view(writer.view(), schema).view is not None
        yield frozenset(writer.features), accepted


def broken_views(rule: str, seed: int, count: int) -> Iterator[tuple[str, Schema]]:
    """Views over one schema, each with one slip that breaks the rule."""
    chance = random.Random(f"broken {rule} {seed}")
    schema = make_source(chance).schema
    while count:
        writer = ViewWriter(chance, schema, chance.choice(SLIPS[rule]))
        text = writer.view()
        if writer.slip_made and writer.slip_made in text:
            yield text, schema
            count -= 1


def _cases(seed: str, count: int, rules: list[str], without: frozenset[str]) -> Iterator[Case]:
    chance = random.Random(seed)
    source = make_source(chance)
    with Worlds(source, chance) as worlds:
        written = 0
        while count and written < _MOST_WRITTEN:
            slip = chance.choice(rules) if without or chance.random() < _SLIPPING else ""
            profile: Profile = ANON if not without and chance.random() < _DEMANDING else PSEUDO
            broken = chance.choice(SLIPS[slip]) if slip else None
            writer = ViewWriter(chance, source.schema, broken, demanding=profile is ANON)
            text = writer.view()
            written += 1
            view = compile_view(text, source.schema, profile, without=without).view
            first = FAILED if view is None else worlds.extract(view, 0)
            if view is None or isinstance(first, str):
                continue
            made = slip if writer.slip_made and writer.slip_made in text else ""
            yield Case(seed, text, view, worlds, frozenset(writer.features), made, first)
            count, written = count - 1, 0
        assert not count, f"seed {seed}: the compiler accepts nothing that is written for it"


def shown(case: Case, found: Found | None) -> str:
    """What a person needs to see an interference."""
    if found is None:
        return ""
    rows = [
        f"{number}: {list(extract)[:12] if not isinstance(extract, str) else extract}"
        for number, extract in ((0, found.first), (found.world, found.other))
    ]
    return "\n".join([f"seed {case.seed}", case.text, case.view.sql, *rows])
