"""Publishing the catalogue: counted in the producer's zone, made coarse there, and put into the enclave's database.

What is published replaces what was, in one transaction with the event that says so.
"""

import hashlib
from dataclasses import dataclass

from catalog.catalogue import Catalogue, CatalogueTable
from catalog.ports import CataloguesOf, SourceFigures, SourceStore
from catalog.use_cases.may import may_as_steward
from enclave.actions import Action
from enclave.audit.canonical import Value, canonical
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.decisions import require
from enclave.ports import Works


@dataclass(frozen=True, slots=True)
class Coarseness:
    """How much a figure of the catalogue may tell."""

    least: int
    """As many persons stand behind every figure."""
    step: int
    """Without signing in, counts come in steps of this size."""


def publish_catalogue(
    works: Works,
    catalogues_of: CataloguesOf,
    source: SourceStore,
    figures: SourceFigures,
    username: str,
    coarseness: Coarseness,
) -> Catalogue:
    """What is published from now on.

    Raises:
        DeniedError: not a steward.
    """
    with works.begin() as work:
        require(may_as_steward(work, username, Action.PUBLISH_CATALOGUE, "catalogue"))
    version = source.version()
    tables = figures.count(coarseness.least)
    with works.begin() as work:
        require(may_as_steward(work, username, Action.PUBLISH_CATALOGUE, "catalogue"))
        catalogue = Catalogue(tables, work.now.isoformat(), coarseness.least, coarseness.step)
        catalogues_of(work).put(catalogue, work.now)
        facts: dict[str, Value] = {
            "source": version,
            "least": coarseness.least,
            "step": coarseness.step,
            "datasets": len(tables),
            "digest": _digest(tables),
        }
        work.record(EventDraft(Kind.CATALOGUE_PUBLISHED, person=username, subject="catalogue", facts=facts))
    return catalogue


def _digest(tables: tuple[CatalogueTable, ...]) -> str:
    """SHA-256 over every figure that was published."""
    said: list[Value] = [
        [t.name, t.rows, t.persons, t.first, t.last, [[c.name, c.filled, c.shared] for c in t.columns]]
        for t in tables
    ]
    return hashlib.sha256(canonical(said)).hexdigest()
