"""The combination risk of each project's extract, and what an opt-out made stale: for stewards and auditors.

What was assessed last is shown, taken on or not; it says whose decision it was. The pages hold
counts of groups and names of tables and columns, and no value of anybody; the rarest values a
steward saw stand nowhere. Nothing is decided here: a risk is taken on at the command line, by
whoever sees those values. The picture is a document of its own, which a page shows as an image.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

from fastapi import APIRouter
from starlette.responses import Response

from catalog.combination_risk import BUCKETS, AssessedRisk, Classes, RiskReport
from catalog.optouts import Stale
from catalog.risk_picture import bucket_name, risk_picture
from enclave.errors import NotFoundError
from enclave.identity import Role
from enclave.sentences import Sentence, say
from enclave.web.census import Route, roles
from enclave.web.pages import Pages
from enclave.web.visits import Records, Visit, bind

FindRisks: TypeAlias = Callable[[], tuple[AssessedRisk, ...]]
"""What was assessed last, one for each project, in their order."""
FindStale: TypeAlias = Callable[[], tuple[Stale, ...]]
"""Every stale extract, the one that is due first before the others."""

_READERS = roles(Role.STEWARD, Role.AUDITOR)
_STALE = '{"project", "version", "since": time, "due": time, "overdue"}'
_SUMMARY = '"project", "profile", "digest", "accepted_by": username | null, "smallest": number | null'
LISTING = Route("GET", "/risks", _READERS, "", f'{{"projects": [{{{_SUMMARY}}}], "stale": [{_STALE}]}}')
PROJECT = Route(
    "GET",
    "/risks/{project}",
    _READERS,
    "",
    f'{{{_SUMMARY}, "buckets": [[from, to | null]], "classes": [{{"of": table | "(steady)" | "(everything)", '
    '"members", "smallest", "unique", "histogram": [number]}], "tables": [{"table", "quasi": [column], '
    f'"rows", "by_person"}}], "codes": [{{"table", "column", "values", "rare", "persons"}}], "stale": [{_STALE}]}}',
    back="/risks",
)
PICTURE = Route("GET", "/risks/{project}/picture", _READERS, "", "image/svg+xml", back="/risks")
ROUTES = (LISTING, PROJECT, PICTURE)

STEADY, EVERYTHING = "(steady)", "(everything)"
JOINED_WORDS: dict[str, Sentence] = {
    STEADY: say("all tables joined: what stays the same of a person"),
    EVERYTHING: say("all tables joined: every row of a person"),
}


class RiskPages:
    """The pages."""

    def __init__(self, records: Records, pages: Pages, risks: FindRisks, stale: FindStale) -> None:
        self._records = records
        self._pages = pages
        self._risks = risks
        self._stale = stale

    def listing(self, visit: Visit) -> Response:
        """Every project's latest assessment, and what is due."""
        model = {"projects": [_summary(one) for one in self._risks()], "stale": self._due()}
        return self._pages.answer(visit, "catalog/risks.html", model)

    def project(self, visit: Visit) -> Response:
        """One project's latest assessment."""
        found = self._find(visit)
        stale = [one for one in self._due() if one["project"] == found.project]
        model = {**_summary(found), **_counts(found.report), "stale": stale}
        view = {"joined_words": JOINED_WORDS, "bucket_names": [bucket_name(one) for one in BUCKETS]}
        return self._pages.answer(visit, "catalog/risk.html", model, view)

    def picture(self, visit: Visit) -> Response:
        """Its picture."""
        return Response(risk_picture(self._find(visit).report), media_type="image/svg+xml")

    def _find(self, visit: Visit) -> AssessedRisk:
        wanted = visit.path("project")
        found = next((one for one in self._risks() if one.project == wanted), None)
        if found is None:
            raise NotFoundError("no_risk", say("No combination risk was assessed for this project."))
        return found

    def _due(self) -> list[dict[str, Any]]:
        with self._records.read() as work:
            now = work.now
        return [_stale_model(one, now) for one in self._stale()]


def risk_router(pages: RiskPages, records: Records) -> APIRouter:
    """The routes."""
    router = APIRouter()
    bind(router, records, {LISTING: pages.listing, PROJECT: pages.project, PICTURE: pages.picture})
    return router


def _summary(risk: AssessedRisk) -> dict[str, Any]:
    return {
        "project": risk.project,
        "profile": risk.report.profile,
        "digest": risk.report.digest,
        "accepted_by": risk.accepted_by or None,
        "smallest": risk.report.smallest,
    }


def _counts(report: RiskReport) -> dict[str, Any]:
    classes = [(table.table, table.classes) for table in report.tables if table.quasi]
    classes += [
        (of, found)
        for of, found in ((STEADY, report.steady), (EVERYTHING, report.everything))
        if found is not None
    ]
    document = report.document()
    return {
        "buckets": document["buckets"],
        "classes": [_classes(of, found) for of, found in classes],
        "tables": [
            {"table": t.table, "quasi": list(t.quasi), "rows": t.rows, "by_person": t.by_person}
            for t in report.tables
        ],
        "codes": document["codes"],
    }


def _classes(of: str, classes: Classes) -> dict[str, Any]:
    return {"of": of, **classes.document()}


def _stale_model(stale: Stale, now: datetime) -> dict[str, Any]:
    return {
        "project": stale.project,
        "version": stale.version,
        "since": stale.since,
        "due": stale.due,
        "overdue": now >= stale.due,
    }
