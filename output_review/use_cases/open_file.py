"""Author or checker reads one canonical file; that it was opened is recorded first.

An author's look is charged to their display budget in the same transaction (``author_sight``).
"""

from dataclasses import dataclass

from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.decisions import require
from enclave.display import CEILING, DisplayRules
from enclave.errors import DeniedError, NotFoundError
from enclave.identity import Person
from enclave.sentences import say
from output_review.permissions import may_read
from output_review.ports import FileVault, ReviewWorks
from output_review.requests import CanonicalForm
from output_review.use_cases.author_sight import file_fits
from output_review.use_cases.standing import get_request, request_facts


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A canonical file and its bytes, verified against their digest."""

    name: str
    form: CanonicalForm
    content: bytes


def open_file(
    works: ReviewWorks,
    vault: FileVault,
    person: Person,
    request_id: str,
    sha256: str,
    rules: DisplayRules = CEILING,
) -> OpenedFile:
    """The file whose canonical bytes have this digest.

    Raises:
        DeniedError: this person may not read the request now, or was shown too much already.
        NotFoundError: the request has no such file.
    """
    with works.begin() as work:
        request = get_request(work, request_id)
        permit = require(may_read(person, request, request_facts(work, person, request)))
        file = request.find_file(sha256)
        if file is None or file.canonical is None:
            raise NotFoundError("no_file", say("This request has no such file."))
        reader = permit.person.username
        if reader == request.author:
            spent = file_fits(work, rules, request, file.canonical)
            if spent is not None:
                raise DeniedError("display_spent", spent)
        work.requests.note_view(request.id, reader, sha256, work.now)
        work.record(
            EventDraft(
                Kind.REVIEW_OPENED,
                person=reader,
                project=request.project,
                subject=request.id,
                facts={"sha256": sha256, "as": "author" if reader == request.author else "checker"},
            )
        )
    return OpenedFile(file.name, file.canonical, vault.get(request.project, sha256))
