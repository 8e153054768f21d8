"""What an extract will be made of: the permit and the views that two people adopted, and no more.

``plan_views`` is where "build refuses what was not adopted" is decided. Each adopted view is
compiled again from its adopted text, its digest is computed again, its schema must be today's,
and every source column that can influence it must be on the permit. One refusal stops all.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from catalog.grants import columns_not_permitted
from catalog.schema.columns import Schema, schema_digest
from catalog.view_compiler import CompiledView, compile_view
from catalog.views.files import ViewFile, view_digest, view_from_document
from enclave.adoptions import Proposal
from enclave.audit.canonical import canonical
from enclave.errors import ConflictError, InvalidInputError
from enclave.projects import Cohort, ProjectPermit
from enclave.sentences import say


@dataclass(frozen=True, slots=True)
class PlannedView:
    """One table of the extract."""

    view: ViewFile
    digest: str
    compiled: CompiledView


@dataclass(frozen=True, slots=True)
class ExtractPlan:
    """Everything a build needs to know, and nothing it has to decide."""

    project: str
    version: str
    views: tuple[PlannedView, ...]
    cohort: Cohort
    permit_digest: str
    policy_digest: str
    schema_digest: str
    source_version: str
    planned_at: datetime


def permit_digest(permit: ProjectPermit) -> str:
    """SHA-256 of the permit's canonical document: the digest its adopter named."""
    return hashlib.sha256(canonical(permit.document())).hexdigest()


def check_view(view: ViewFile, permit: ProjectPermit, schema: Schema) -> CompiledView:
    """The compiled view, when it may be proposed for a project with this permit.

    Raises:
        InvalidInputError: it was refused, goes beyond the permit, or its labels do not fit.
    """
    compiled = _compiled(view, schema)
    missing = columns_not_permitted(compiled, permit.datasets, schema)
    if missing:
        raise InvalidInputError(
            "beyond_permit",
            say(
                "The view '{view}' uses what the permit does not name: {columns}.",
                view=view.table,
                columns=", ".join(missing),
            ),
        )
    shown = [column.name for column in compiled.columns]
    labelled = [name for name, _ in view.columns]
    if sorted(shown) != sorted(labelled):
        odd = sorted(set(shown) ^ set(labelled))
        raise InvalidInputError(
            "labels",
            say(
                "Every column of the view '{view}' has exactly one label: look at {columns}.",
                view=view.table,
                columns=", ".join(odd),
            ),
        )
    return compiled


def _compiled(view: ViewFile, schema: Schema) -> CompiledView:
    compilation = compile_view(view.text, schema)
    for refusal in compilation.refusals:
        raise InvalidInputError(
            f"view_{refusal.rule}",
            say(
                "View '{view}', line {line}, column {column}: {reason}",
                view=view.table,
                line=refusal.line,
                column=refusal.column,
                reason=refusal.sentence,
            ),
        )
    if compilation.view is None:
        raise ValueError("a compilation without a view has refusals")
    return compilation.view


def plan_views(permit: ProjectPermit, adopted: Iterable[Proposal], schema: Schema) -> tuple[PlannedView, ...]:
    """The views of a project's next extract, by table.

    Raises:
        ConflictError: nothing was adopted, an adopted view was altered, or the schema moved since.
        InvalidInputError: an adopted view would be refused today.
    """
    today = schema_digest(schema)
    planned: dict[str, PlannedView] = {}
    for proposal in adopted:
        document = json.loads(proposal.payload)
        view = view_from_document(document)
        if document.get("schema") != today:
            raise ConflictError(
                "schema_moved",
                say(
                    "The schema changed after the view '{view}' was adopted. Propose it again.",
                    view=view.table,
                ),
            )
        digest = view_digest(view, today)
        if digest != proposal.digest or proposal.subject != f"{permit.project}/{view.table}":
            raise ConflictError(
                "not_adopted",
                say("The view '{view}' is not what was adopted. Propose it again.", view=view.table),
            )
        planned[view.table] = PlannedView(view, digest, check_view(view, permit, schema))
    if not planned:
        raise ConflictError(
            "no_view_adopted", say("No view of this project was adopted, so there is nothing to build.")
        )
    return tuple(planned[table] for table in sorted(planned))
