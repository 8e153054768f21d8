"""What the source's own identifiers said of a request is kept for its checkers, beside the request.

Nothing an author can see changes by it: the request keeps its state, version and times, and exactly one
event is recorded, whatever was found. Until it is there no review can be completed and nothing leaves, so
a matcher that is away stops releases and no author. What a checker writes for the author may not hold an
identifier that was found: to name it would be to confirm it.
"""

from catalog.identifiers.own_matches import Labelled, forms_in
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.errors import ConflictError, InvalidInputError
from enclave.sentences import say
from output_review.permissions import PLATFORM
from output_review.ports import ReviewWork
from output_review.requests import OwnAssessment, ReleaseRequest, digest_of_form
from output_review.use_cases.standing import get_request
from output_review.workflow import State


def waiting_for_comparison(work: ReviewWork) -> tuple[ReleaseRequest, ...]:
    """The requests with the checkers that were not compared under their policy yet."""
    waiting = []
    for request in work.requests.in_states({State.IN_REVIEW}):
        own = work.requests.find_own(request.id)
        if own is None or not own.covers(request):
            waiting.append(request)
    return tuple(waiting)


def store_own(work: ReviewWork, read: ReleaseRequest, own: OwnAssessment) -> None:
    """It is kept, if the request is still with the checkers and was checked under the same policy.

    Raises:
        ConflictError: it is another by now.
    """
    request = get_request(work, read.id)
    if request.state is not State.IN_REVIEW or not own.covers(request):
        raise ConflictError("stale", say("The request changed meanwhile. Read it again."))
    work.requests.put_own(request.id, request.project, own)
    work.record(
        EventDraft(
            Kind.REQUEST_COMPARED,
            person=PLATFORM.username,
            project=request.project,
            subject=request.id,
            facts={"asked": own.asked, "findings": own.hits, "set": own.set_id, "policy": own.policy_digest},
        )
    )


def check_compared(work: ReviewWork, request: ReleaseRequest) -> None:
    """That a request was compared, under the policy it was checked under.

    Raises:
        ConflictError: not yet.
    """
    own = work.requests.find_own(request.id)
    if own is None or not own.covers(request):
        raise ConflictError(
            "not_compared",
            say(
                "This was not compared with the source's own identifiers yet. Wait a minute; then ask the operator."
            ),
        )


def check_words(work: ReviewWork, request: ReleaseRequest, words: str) -> None:
    """That words for the author name nobody who was found to be of the source.

    Raises:
        InvalidInputError: they do. ConflictError: it was not compared yet, so nobody can tell.
    """
    check_compared(work, request)
    own = work.requests.find_own(request.id)
    named = own.named if own else frozenset()
    if any(digest_of_form(request.id, form) in named for form in forms_in([Labelled(words)])):
        raise InvalidInputError(
            "words_name_somebody",
            say(
                "These words name what only checkers may know of. Say which row or line to change, and no more."
            ),
        )
