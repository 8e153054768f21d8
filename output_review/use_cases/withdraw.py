"""The author takes a request back, at any time before two people approved it."""

from enclave.actions import Action
from enclave.decisions import require
from enclave.identity import Person
from output_review.permissions import may_act
from output_review.ports import ReviewWork
from output_review.requests import ReleaseRequest
from output_review.use_cases.moves import make_move
from output_review.use_cases.standing import get_request, request_facts
from output_review.workflow import State


def withdraw(work: ReviewWork, person: Person, request_id: str) -> ReleaseRequest:
    """The request, withdrawn for good.

    Raises:
        DeniedError: not the author, or it is decided already.
    """
    request = get_request(work, request_id)
    permit = require(may_act(person, request, Action.WITHDRAW_REQUEST, request_facts(work, person, request)))
    return make_move(work, permit, request, State.WITHDRAWN)
