"""What an extract will be made of: the permit and the views that two people adopted, and no more.

``plan_views`` is where "build refuses what was not adopted" is decided. Each adopted view is
compiled again from its adopted text, its digest is computed again, the tables it reads must be
classified as they were, and every source column that can influence it must be on the permit. One refusal stops all.
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from catalog.grants import columns_not_permitted
from catalog.policy import TransformRules
from catalog.profiles import find_profile
from catalog.schema.columns import Schema, schema_digest
from catalog.view_compiler import CompiledView, compile_view
from catalog.views.files import ViewFile, view_digest, view_from_document
from catalog.views.reads import schema_read_by
from catalog.views.scopes import Lineage
from catalog.views.transforms import raw_dates, shifted_dates
from catalog.views.transforms_needs import Need
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
    transforms: TransformRules
    everywhere: bool = True
    """Whoever opted out at one provider is left out at all of them."""

    @property
    def needs(self) -> frozenset[Need]:
        """The side tables of all its views."""
        return frozenset(need for planned in self.views for need in planned.compiled.needs)


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
    compilation = compile_view(view.text, schema, find_profile(view.profile))
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
    planned: dict[str, PlannedView] = {}
    for proposal in adopted:
        document = json.loads(proposal.payload)
        view = view_from_document(document)
        today = schema_digest(schema_read_by(view.text, schema))
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
    check_together(planned.values(), schema)
    return tuple(planned[table] for table in sorted(planned))


def check_together(planned: Collection[PlannedView], schema: Schema) -> None:
    """What no view shows alone, two of them could show side by side.

    Raises:
        ConflictError: views of two profiles, or a date both shifted and not, would stand in one extract.
    """
    if len({plan.view.profile for plan in planned}) > 1:
        raise ConflictError(
            "profiles_mixed",
            say("The views of this project state different profiles. An extract has one: propose them anew."),
        )
    columns = [
        Lineage(frozenset(column.values), transforms=column.transforms, open=frozenset(column.open))
        for plan in planned
        for column in plan.compiled.columns
    ]
    if shifted_dates(columns, schema) & raw_dates(columns, schema):
        raise ConflictError(
            "shift_undone",
            say(
                "One view of this project shows a date shifted, another the same date as it is. Shift it in all."
            ),
        )
