"""The author confirms exactly the canonical bytes that will be checked, reviewed and leave."""

from collections.abc import Collection

from enclave.actions import Action
from enclave.decisions import require
from enclave.errors import ConflictError
from enclave.identity import Person
from enclave.sentences import say
from output_review.permissions import may_act
from output_review.ports import ReviewWork
from output_review.requests import ReleaseRequest
from output_review.use_cases.moves import make_move
from output_review.use_cases.standing import get_request, request_facts
from output_review.workflow import State


def confirm(work: ReviewWork, person: Person, request_id: str, digests: Collection[str]) -> ReleaseRequest:
    """The request, on its way to the checks. ``digests`` are those the author was shown.

    Raises:
        DeniedError: not the author, not eligible, or nothing to confirm now.
        ConflictError: the digests are not all of the canonical digests.
    """
    request = get_request(work, request_id)
    permit = require(may_act(person, request, Action.CONFIRM_REQUEST, request_facts(work, person, request)))
    if not request.digests() or frozenset(digests) != request.digests():
        raise ConflictError(
            "other_digests", say("What you read is not what would be reviewed. Read it again, then confirm.")
        )
    return make_move(work, permit, request, State.CHECKING, facts={"canonical": sorted(request.digests())})
