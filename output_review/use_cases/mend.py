"""An author takes a remedy that the checks proposed: a new request with the mended file, in the old one's place.

1. Only the author of a returned request, and only with a remedy that was stored with its checks: nothing
   is judged or computed here.
2. The correction is handed in like any other: read in a sealed container, confirmed by its author, checked
   again. Files that the remedy does not touch are handed in as they were reviewed.
3. Taking the same remedy twice is one request.
"""

import hashlib
import uuid

from enclave.display import CEILING, DisplayRules
from enclave.errors import ConflictError, DeniedError, NotFoundError
from enclave.identity import Person
from enclave.sentences import say
from output_review.asked_checks import Mended
from output_review.ports import FileVault, ReviewWork, ReviewWorks
from output_review.requests import Draft, ReleaseRequest
from output_review.use_cases.hand_in import add_file, begin_draft, complete_draft
from output_review.use_cases.standing import get_request
from output_review.workflow import State


def remedies_for(work: ReviewWork, person: Person, request: ReleaseRequest) -> tuple[Mended, ...]:
    """What this person may choose from: the author's own, of a request that came back."""
    if person.username != request.author or request.state is not State.RETURNED:
        return ()
    assessment = work.requests.find_assessment(request.id)
    return assessment.remedies if assessment is not None else ()


def mend(
    works: ReviewWorks,
    vault: FileVault,
    person: Person,
    request_id: str,
    number: int,
    rules: DisplayRules = CEILING,
) -> ReleaseRequest:
    """The correction, handed in; ``number`` counts the remedies from 0.

    Raises:
        DeniedError: not the author. NotFoundError: no such remedy.
        ConflictError: the request was not returned, or was corrected otherwise already.
    """
    with works.read() as work:
        request = get_request(work, request_id)
        if person.username != request.author:
            raise DeniedError("not_author", say("Only the author of this request can do this."))
        if request.state is not State.RETURNED:
            raise ConflictError("not_now", say("Only a request that was returned can be mended."))
        remedies = remedies_for(work, person, request)
    if not 0 <= number < len(remedies):
        raise NotFoundError("no_remedy", say("There is no such remedy. Look at the request again."))
    contents = _contents(vault, request, remedies[number])
    listed = tuple(
        (name, len(content), hashlib.sha256(content).hexdigest()) for name, content in contents.items()
    )
    sql = tuple((name, text) for name, text in request.sql if name in contents)
    draft = Draft(_draft_id(request, number), request.title, request.what_it_shows, listed, request.id, sql)
    with works.begin() as work:
        begun = begin_draft(work, person, request.project, draft, rules)
    for index in begun.missing():
        content = contents[begun.files[index].name]
        add_file(works, vault, person, request.project, draft.draft_id, index, content)
    with works.begin() as work:
        return complete_draft(work, person, request.project, draft.draft_id)


def _contents(vault: FileVault, request: ReleaseRequest, mended: Mended) -> dict[str, bytes]:
    """Every file by name: the mended one, and the canonical bytes of the others."""
    return {
        file.name: mended.text.encode()
        if file.name == mended.file
        else vault.get(request.project, file.canonical.sha256)
        for file in request.files
        if file.canonical is not None
    }


def _draft_id(request: ReleaseRequest, number: int) -> str:
    digest = hashlib.sha256(f"mend/{request.id}/{number}".encode()).digest()
    return str(uuid.UUID(bytes=digest[:16]))
