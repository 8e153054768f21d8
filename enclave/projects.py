"""A project's permit: who may analyse what, for which purpose, until when.

A permit is a YAML file that one person proposes and another adopts. ``parse_permit`` turns
its mapping into a ``ProjectPermit`` or refuses it with the line and the reason; nothing is
filled in, guessed or ignored: a missing key, an unknown key and an empty list are refusals.

Keys: project, title, organisation, people, purpose, datasets (table: [columns]),
cohort (``everyone: true``, or lists of diagnosis_icd10 prefixes or diagnosis_codes),
ends_on (ISO date, inclusive), output_kinds (of ``table``, ``text``, ``figure``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NoReturn

from enclave.errors import EnclaveError, InvalidInputError
from enclave.identity import check_project_id, check_username
from enclave.sentences import Sentence, say

OUTPUT_KINDS = frozenset({"table", "text", "figure"})
_KEYS = (
    "project",
    "title",
    "organisation",
    "people",
    "purpose",
    "datasets",
    "cohort",
    "ends_on",
    "output_kinds",
)
_COHORT_LISTS = ("diagnosis_icd10", "diagnosis_codes")

LineOf = Callable[[tuple[str | int, ...]], int]
"""From a path into the document to the line it stands on, from 1."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Whose rows: everyone, or people with a diagnosis from a list."""

    everyone: bool = False
    diagnosis_icd10: tuple[str, ...] = ()
    diagnosis_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectPermit:
    """What was permitted. Equal permits give equal canonical documents."""

    project: str
    title: str
    organisation: str
    people: tuple[str, ...]
    purpose: str
    datasets: Mapping[str, tuple[str, ...]]
    """Canonical source table to the columns that views may read from it."""
    cohort: Cohort
    ends_on: date
    """The last day on which the project is in force."""
    output_kinds: tuple[str, ...] = field(default=())

    def document(self) -> dict[str, Any]:
        """The permit as a mapping that ``parse_permit`` reads back to an equal permit."""
        cohort: dict[str, Any] = {"everyone": True} if self.cohort.everyone else {}
        for key in _COHORT_LISTS:
            if listed := getattr(self.cohort, key):
                cohort[key] = list(listed)
        return {
            "project": self.project,
            "title": self.title,
            "organisation": self.organisation,
            "people": list(self.people),
            "purpose": self.purpose,
            "datasets": {table: list(columns) for table, columns in self.datasets.items()},
            "cohort": cohort,
            "ends_on": self.ends_on.isoformat(),
            "output_kinds": list(self.output_kinds),
        }


def parse_permit(document: object, line_of: LineOf = lambda _path: 1) -> ProjectPermit:
    """The permit a YAML document states.

    Raises:
        InvalidInputError: with the line and what to write instead.
    """
    read = _Reader(line_of)
    top = read.mapping(document, ())
    for key in top:
        if key not in _KEYS:
            read.refuse(
                (key,), "unknown_key", say("The key '{key}' is not part of a permit. Remove it.", key=key)
            )
    for key in _KEYS:
        if key not in top:
            read.refuse((), "missing_key", say("The key '{key}' is missing. Add it.", key=key))
    datasets = read.mapping(top["datasets"], ("datasets",))
    return ProjectPermit(
        project=read.checked(top["project"], ("project",), check_project_id),
        title=read.text(top["title"], ("title",)),
        organisation=read.checked(top["organisation"], ("organisation",), check_username),
        people=tuple(
            read.checked(name, ("people", i), check_username)
            for i, name in enumerate(read.listed(top["people"], ("people",)))
        ),
        purpose=read.text(top["purpose"], ("purpose",)),
        datasets={
            str(table): tuple(
                read.text(c, ("datasets", table, i))
                for i, c in enumerate(read.listed(columns, ("datasets", table)))
            )
            for table, columns in datasets.items()
        },
        cohort=_cohort(read, top["cohort"]),
        ends_on=read.day(top["ends_on"], ("ends_on",)),
        output_kinds=_output_kinds(read, top["output_kinds"]),
    )


def _cohort(read: "_Reader", value: object) -> Cohort:
    stated = read.mapping(value, ("cohort",))
    for key in stated:
        if key != "everyone" and key not in _COHORT_LISTS:
            read.refuse(
                ("cohort", key),
                "unknown_key",
                say("The key '{key}' is not part of a cohort. Remove it.", key=key),
            )
    if "everyone" in stated:
        if stated["everyone"] is not True or len(stated) > 1:
            read.refuse(
                ("cohort",),
                "bad_cohort",
                say("A cohort is either 'everyone: true' alone or lists of diagnoses."),
            )
        return Cohort(everyone=True)
    lists = {
        key: tuple(
            read.text(v, ("cohort", key, i)) for i, v in enumerate(read.listed(stated[key], ("cohort", key)))
        )
        for key in _COHORT_LISTS
        if key in stated
    }
    return Cohort(
        diagnosis_icd10=lists.get("diagnosis_icd10", ()), diagnosis_codes=lists.get("diagnosis_codes", ())
    )


def _output_kinds(read: "_Reader", value: object) -> tuple[str, ...]:
    kinds = tuple(
        read.text(kind, ("output_kinds", i)) for i, kind in enumerate(read.listed(value, ("output_kinds",)))
    )
    for i, kind in enumerate(kinds):
        if kind not in OUTPUT_KINDS:
            read.refuse(
                ("output_kinds", i),
                "unknown_output_kind",
                say("An output kind is 'table', 'text' or 'figure'. Write one of these."),
            )
    return kinds


class _Reader:
    """Reads one kind of value each, or refuses with the line it stands on."""

    def __init__(self, line_of: LineOf) -> None:
        self._line_of = line_of

    def refuse(self, path: tuple[str | int, ...], code: str, reason: Sentence) -> NoReturn:
        raise InvalidInputError(
            code, say("Line {line} of the permit: {reason}", line=self._line_of(path), reason=reason)
        )

    def mapping(self, value: object, path: tuple[str | int, ...]) -> Mapping[str, Any]:
        if not isinstance(value, Mapping) or not value:
            self.refuse(path, "not_a_mapping", say("Keys with values are expected here. Fill them in."))
        for key in value:
            if not isinstance(key, str):
                self.refuse(path, "not_a_mapping", say("Keys are words here. Write them as text."))
        return value

    def listed(self, value: object, path: tuple[str | int, ...]) -> list[object]:
        if not isinstance(value, list) or not value:
            self.refuse(
                path, "empty_list", say("A list with at least one entry is expected here. Empty means no.")
            )
        return value

    def text(self, value: object, path: tuple[str | int, ...]) -> str:
        if not isinstance(value, str) or not value.strip():
            self.refuse(
                path, "not_text", say("Text is expected here. Write it, in quotes if it looks like a number.")
            )
        return value.strip()

    def checked(self, value: object, path: tuple[str | int, ...], check: Callable[[str], str]) -> str:
        try:
            return check(self.text(value, path))
        except InvalidInputError as error:
            if error.code.startswith("bad_"):
                self.refuse(path, error.code, error.sentence)
            raise

    def day(self, value: object, path: tuple[str | int, ...]) -> date:
        try:
            return value if type(value) is date else date.fromisoformat(self.text(value, path))
        except ValueError as error:
            if isinstance(error, EnclaveError):
                raise
            self.refuse(path, "not_a_date", say("A date is written as YYYY-MM-DD. Write it so."))
