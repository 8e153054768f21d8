"""The automatic checks with what only the house knows: the project's own identifiers, and its people.

The identifiers are read from every extract the project ever got and still has: a pseudonym
that a later extract leaves out is a person all the same. The data key goes to the reader of
the extract through a file that exists in memory only. Sets are remembered per extract file.
"""

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from catalog.adapters.dictionaries import read_dictionaries
from catalog.identifiers.known_people import known_people
from catalog.identifiers.pseudonyms import PseudonymSet
from catalog.identifiers.recognise import Dictionaries
from enclave.errors import UnavailableError
from enclave.identity import check_project_id
from enclave.policy import PolicySet
from enclave.ports import Keyring
from output_review.adapters.id_sets import read_id_set
from output_review.disclosure.checks import run_checks
from output_review.disclosure.findings import Verdict
from output_review.disclosure.policy import policy_from_mapping
from output_review.disclosure.prose_names import ask_about, findings_of, unanswered
from output_review.disclosure.reports import FileReport, Report
from output_review.disclosure.submissions import Submission
from output_review.ports import ProseReader


class ProjectIdentifiers:
    """The identifiers of a project, from its encrypted extracts."""

    def __init__(self, extracts: Path, keyring: Keyring) -> None:
        self._extracts = extracts
        self._keyring = keyring
        self._known: dict[tuple[str, int, int], PseudonymSet] = {}

    def of(self, project: str) -> PseudonymSet | None:
        """All of them; None when the project has no extract yet, hence no pseudonym."""
        folder = self._extracts / check_project_id(project)
        sets = [self._of_file(project, path) for path in sorted(folder.glob("*.duckdb"))]
        if not sets:
            return None
        return PseudonymSet.joined(sets)

    def _of_file(self, project: str, path: Path) -> PseudonymSet:
        status = path.stat()
        place = (str(path), status.st_mtime_ns, status.st_size)
        if place not in self._known:
            found = self._read(project, path)
            if found is None:
                raise LookupError("an extract without identifiers")
            self._known[place] = found
        return self._known[place]

    def _read(self, project: str, path: Path) -> PseudonymSet | None:
        key = self._keyring.find(project, "data")
        if key is None:
            raise LookupError("the project's data key is gone")
        descriptor = os.memfd_create("data-key", os.MFD_CLOEXEC)
        try:
            os.write(descriptor, key.hex().encode())
            return read_id_set(None, path, Path(f"/proc/self/fd/{descriptor}"))
        finally:
            os.close(descriptor)


class ProjectChecker:
    """The ``Checker`` port under one policy set; with a ``ProseReader``, running text is read by it as well."""

    def __init__(
        self, policies: PolicySet, identifiers: ProjectIdentifiers, prose: ProseReader | None = None
    ) -> None:
        self._policy = policy_from_mapping(policies.document("disclosure"))
        self._identifiers = identifiers
        self._prose = prose

    def check(self, project: str, submission: Submission, earlier: Iterable[Submission]) -> Report:
        known = replace(read_dictionaries(), people=known_people(submission.members, submission.authors))
        report = run_checks(
            submission, self._policy, self._identifiers.of(project), tuple(earlier), dictionaries=known
        )
        return report.joined_with(self._in_prose(submission, report, known))

    def _in_prose(
        self, submission: Submission, report: Report, known: Dictionaries
    ) -> tuple[FileReport, ...]:
        """What the language model adds; nothing is asked where nothing can leave or no prose is left."""
        if self._prose is None or report.verdict is Verdict.REJECT:
            return ()
        try:
            asked = ask_about(submission, report)
            if not asked.text:
                return findings_of(asked, (), 0, known)
            answer = self._prose.people(f"{submission.name}-prose", asked.text)
            return findings_of(asked, answer.people, answer.examined, known)
        except UnavailableError:
            raise
        except Exception:  # noqa: BLE001  # whatever went wrong, prose that was not read blocks
            return unanswered(submission)
