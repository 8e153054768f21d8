"""A checker reviews: votes on every file and completes in one act, or returns the request.

One act, so that there is no half-cast review to look at or to change one's mind on. The
second factor was asked for by the caller and its proof is an argument; eligibility is read
from the register in this very transaction. The second completed review decides, here, by
``reviews.outcome``; what is decided is only that the platform may try to release.
"""

from collections.abc import Mapping

from enclave.actions import Action
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.decisions import Permit, require
from enclave.errors import ConflictError, InvalidInputError
from enclave.identity import Person
from enclave.sentences import say
from enclave.use_cases.propose import adopted_policy
from enclave.use_cases.sign_in import SecondFactor
from output_review.permissions import may_review, subject_of
from output_review.ports import ReviewWork
from output_review.requests import MAX_WORDS, ReleaseRequest, check_words
from output_review.reviews import Review, Vote, kept_votes, outcome
from output_review.use_cases.moves import make_move
from output_review.use_cases.own import check_compared
from output_review.use_cases.own import check_words as check_words_for_author
from output_review.use_cases.standing import get_request, request_facts
from output_review.workflow import State


def complete(
    work: ReviewWork,
    person: Person,
    proof: SecondFactor,
    request_id: str,
    votes: Mapping[str, Vote],
    *,
    policy_digest: str,
    comment: str = "",
    shared: bool = False,
) -> ReleaseRequest:
    """The request after this person's whole review of it.

    ``votes`` is by canonical SHA-256; ``policy_digest`` is the one on the page that was read.
    Votes kept from the round before may be left out.

    Raises:
        DeniedError: not eligible, not this person's turn, done already, or no fresh proof.
        ConflictError: the files or the policy are not those that were read.
        InvalidInputError: a file has no vote, was approved without having been opened, or a shared comment
            names somebody whom only checkers may know of.
    """
    request = get_request(work, request_id)
    facts = request_facts(work, person, request)
    earlier = work.reviews.of(request_id)
    permit = require(may_review(person, request, facts, proof, earlier=earlier))
    _check_policy(work, request, policy_digest)
    check_compared(work, request)
    if shared:
        check_words_for_author(work, request, comment)
    cast = _votes(work, person, request, votes)
    review = Review(
        id=work.fresh.token(10).hex(),
        request_id=request.id,
        round=request.round,
        reviewer=permit.person.username,
        policy_digest=request.policy_digest,
        votes=cast,
        completed_at=work.now,
        comment=_words(comment),
        shared=shared,
    )
    work.reviews.add(review, request.project)
    _record_votes(work, request, review)
    return _decide(work, permit, request, (*earlier, review))


def give_back(
    work: ReviewWork, person: Person, proof: SecondFactor, request_id: str, *, reason: str
) -> ReleaseRequest:
    """The request, returned to its author with a reason. One checker may: nothing leaves by it.

    Raises:
        DeniedError: as for a review.
        InvalidInputError: no reason was given.
    """
    request = get_request(work, request_id)
    facts = request_facts(work, person, request)
    permit = require(may_review(person, request, facts, proof, action=Action.RETURN_REQUEST))
    if not reason.strip():
        raise InvalidInputError("no_reason", say("Write what the author must change."))
    words = _words(reason)
    check_words_for_author(work, request, words)
    return make_move(
        work,
        permit,
        request,
        State.RETURNED,
        facts={"code": "returned_by_checker"},
        body={"reason": words},
        code="returned_by_checker",
        return_comment=words,
    )


def _check_policy(work: ReviewWork, request: ReleaseRequest, read: str) -> None:
    if not request.policy_digest or read != request.policy_digest or adopted_policy(work) != read:
        raise ConflictError(
            "policy_changed", say("The policy changed since this was checked. It is being checked again.")
        )


def _votes(
    work: ReviewWork, person: Person, request: ReleaseRequest, votes: Mapping[str, Vote]
) -> dict[str, Vote]:
    if not frozenset(votes) <= request.digests():
        raise ConflictError("other_digests", say("What you read is not what is reviewed now. Read it again."))
    kept = kept_votes(person.username, request, work.reviews.of(request.replaces)) if request.replaces else {}
    cast = {**kept, **votes}
    if frozenset(cast) != request.digests():
        raise InvalidInputError("vote_missing", say("Vote on every file. Nothing was counted."))
    opened = work.requests.viewed(request.id, person.username)
    unread = {d for d, vote in cast.items() if vote is Vote.APPROVE and d not in opened and d not in kept}
    if unread:
        raise InvalidInputError(
            "not_opened", say("You have not opened {n} of the files you approve. Open them.", n=len(unread))
        )
    return cast


def _words(text: str) -> str:
    if len(text) > MAX_WORDS:
        raise InvalidInputError("too_long", say("Write at most {limit} characters.", limit=MAX_WORDS))
    check_words(text)
    return text.strip()


def _record_votes(work: ReviewWork, request: ReleaseRequest, review: Review) -> None:
    for sha256, vote in sorted(review.votes.items()):
        work.record(
            EventDraft(
                Kind.REVIEW_VOTED,
                person=review.reviewer,
                project=request.project,
                subject=request.id,
                facts={
                    "review": review.id,
                    "round": review.round,
                    "sha256": sha256,
                    "vote": vote.value,
                    "policy": review.policy_digest,
                },
            )
        )
    work.record(
        EventDraft(
            Kind.REVIEW_COMPLETED,
            person=review.reviewer,
            project=request.project,
            subject=request.id,
            facts={"review": review.id, "round": review.round, "shared": review.shared},
            body={"comment": review.comment} if review.comment else None,
        )
    )


def _decide(
    work: ReviewWork, permit: Permit, request: ReleaseRequest, reviews: tuple[Review, ...]
) -> ReleaseRequest:
    """Move on when the reviews decide; else only the version rises, so that both know of it."""
    decision = outcome(reviews, request)
    if not decision.decided:
        if permit.subject != subject_of(request):
            raise ConflictError("stale", say("The request changed meanwhile. Read it again."))
        return work.requests.put(request)
    target = State.APPROVED if decision.approved else State.REJECTED
    return make_move(
        work,
        permit,
        request,
        target,
        facts={
            "approved": sorted(decision.approved),
            "reviewers": sorted(decision.reviewers),
            "policy": request.policy_digest,
        },
    )
