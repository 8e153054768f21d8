"""Who may do what to a request, now. Pure: facts come in, a decision goes out.

1. The author of a request confirms, withdraws and downloads, and nobody else does.
2. A checker looks and votes only while ``enclave.access.checker_rules`` finds nothing: not the
   author, not of the author's project, not of the author's organisation, then or now.
3. A request is released only when two counting reviews by two people who are eligible at that
   moment decided it, under the policy that is in force at that moment.

A decision is about one version of a request (``subject_of``): its permit is worth nothing for
any other. Facts are read from the register in the transaction that acts, never from a session.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from enclave.access import account_rules, checker_rules, researcher_rules
from enclave.actions import Action
from enclave.contracts import Contract
from enclave.decisions import Decision, Refusal, decide
from enclave.identity import Person
from enclave.people import Account, Organisation
from enclave.projects import ProjectPermit
from enclave.sentences import say
from enclave.use_cases.sign_in import SecondFactor
from output_review.requests import ReleaseRequest
from output_review.reviews import QUORUM, Review, counts, outcome
from output_review.workflow import CLOSED, STATE_WORDS, Hand, State, moves_for

PLATFORM = Person("platform")
"""Who acts when no person does. It holds no role and is in no register."""
PROOF_LASTS = timedelta(seconds=60)
"""How long a second factor given for a vote may be on its way."""
READABLE_BY_CHECKERS = frozenset({State.IN_REVIEW, State.APPROVED}) | (
    CLOSED - {State.WITHDRAWN, State.REFUSED}
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the register says of a person and a project at one moment."""

    account: Account | None
    organisation: Organisation | None
    permit: ProjectPermit | None
    author_organisation: str
    """Where the request's author belongs now; it may differ from when it was handed in."""
    now: datetime
    contracts: tuple[Contract, ...] = ()
    """The use contracts of the project's organisation; without one nobody works in it."""


def subject_of(request: ReleaseRequest) -> str:
    """What a permit for this request is about: its id at this version."""
    return f"{request.id}@{request.version}"


def may_hand_in(person: Person, project: str, facts: Facts) -> Decision:
    """Whether this person may begin a request in this project."""
    return decide(person, Action.HAND_IN, project, _researcher(facts))


def may_act(person: Person, request: ReleaseRequest, action: Action, facts: Facts) -> Decision:
    """Whether this person may do this to this request as it stands."""
    return decide(person, action, subject_of(request), _acting(person, request, action, facts))


def may_read(person: Person, request: ReleaseRequest, facts: Facts) -> Decision:
    """Whether this person may see the request: its author always, checkers once it is theirs."""
    rules = _author_of(person, request, facts)
    if person.username != request.author:
        rules = (*_checker(request, facts), _readable(request))
    return decide(person, Action.READ_REQUEST, subject_of(request), rules)


def may_download(person: Person, request: ReleaseRequest, facts: Facts) -> Decision:
    """Whether this person may fetch what was released."""
    rules = [_is_author(person, request), *_researcher(facts), _state(request, State.RELEASED)]
    return decide(person, Action.DOWNLOAD_RELEASE, subject_of(request), rules)


def proof_rule(person: Person, proof: SecondFactor, now: datetime) -> Refusal | None:
    """That the second factor is this person's and was given just now."""
    if proof.username == person.username and timedelta(0) <= now - proof.at <= PROOF_LASTS:
        return None
    return Refusal("second_factor", say("Give a fresh one-time code with your vote."))


def may_review(
    person: Person,
    request: ReleaseRequest,
    facts: Facts,
    proof: SecondFactor,
    *,
    action: Action = Action.COMPLETE_REVIEW,
    earlier: Iterable[Review] = (),
) -> Decision:
    """Whether this person may complete a review of this request, or return it, now."""
    rules = [*_acting(person, request, action, facts), proof_rule(person, proof, facts.now)]
    rules.append(_not_reviewed(person, request, earlier))
    return decide(person, action, subject_of(request), rules)


def may_still_review(
    person: Person, request: ReleaseRequest, facts: Facts, earlier: Iterable[Review]
) -> Decision:
    """The same without the second factor, for a page that explains; it makes no vote."""
    rules = [*_acting(person, request, Action.COMPLETE_REVIEW, facts)]
    rules.append(_not_reviewed(person, request, earlier))
    return decide(person, Action.COMPLETE_REVIEW, subject_of(request), rules)


def has_reviewed(person: Person, request: ReleaseRequest, reviews: Iterable[Review]) -> bool:
    """Whether this person completed a review of this round under this policy, void or not."""
    key = (person.username, request.id, request.round, request.policy_digest)
    return any((r.reviewer, r.request_id, r.round, r.policy_digest) == key for r in reviews)


def may_release(
    request: ReleaseRequest, reviews: Iterable[Review], facts: Mapping[str, Facts], adopted_policy: str
) -> Decision:
    """Whether the platform may let the approved files of this request leave, now."""
    rules = _release_rules(request, tuple(reviews), facts, adopted_policy)
    return decide(PLATFORM, Action.RELEASE_REQUEST, subject_of(request), rules)


def lost_reviews(
    request: ReleaseRequest, reviews: Iterable[Review], facts: Mapping[str, Facts]
) -> tuple[Review, ...]:
    """The counting reviews whose reviewer may not check this request any more."""
    return tuple(
        r
        for r in reviews
        if counts(r, request) and (r.reviewer not in facts or any(_checker(request, facts[r.reviewer])))
    )


def _release_rules(
    request: ReleaseRequest, reviews: tuple[Review, ...], facts: Mapping[str, Facts], adopted_policy: str
) -> Iterator[Refusal | None]:
    yield _state(request, State.APPROVED)
    if not adopted_policy or request.policy_digest != adopted_policy:
        yield Refusal("policy_changed", say("The policy changed since this was checked."))
    lost = {r.id for r in lost_reviews(request, reviews, facts)}
    if lost:
        yield Refusal("reviewer_lost", say("A reviewer may not check this request any more."))
    decision = outcome((r for r in reviews if r.id not in lost), request)
    if not decision.decided or len(set(decision.reviewers)) < QUORUM:
        yield Refusal("no_quorum", say("Two people must have completed a review of exactly these files."))
    elif not decision.approved:
        yield Refusal("nothing_approved", say("No file was approved by both reviewers."))


def _acting(
    person: Person, request: ReleaseRequest, action: Action, facts: Facts
) -> Iterator[Refusal | None]:
    moves = moves_for(request.state, action)
    hands = {m.by for m in moves}
    if hands == {Hand.AUTHOR}:
        yield from _author_of(person, request, facts)
        if action is not Action.WITHDRAW_REQUEST:
            yield from _researcher(facts)
    elif hands == {Hand.CHECKERS}:
        yield from _checker(request, facts)
    else:
        yield _wrong_state(request)


def _author_of(person: Person, request: ReleaseRequest, facts: Facts) -> tuple[Refusal | None, ...]:
    return (
        _is_author(person, request),
        *account_rules(facts.account, facts.organisation, facts.now.date()),
    )


def _researcher(facts: Facts) -> tuple[Refusal | None, ...]:
    rules = researcher_rules(
        facts.account, facts.organisation, facts.permit, facts.contracts, facts.now.date()
    )
    return tuple(rules)


def _checker(request: ReleaseRequest, facts: Facts) -> tuple[Refusal | None, ...]:
    """Every rule for a checker, against the author's organisation then and now."""
    organisations = {request.author_organisation, facts.author_organisation}
    return tuple(
        refusal
        for organisation in sorted(organisations)
        for refusal in checker_rules(
            facts.account, facts.organisation, facts.permit, request.author, organisation, facts.now
        )
    )


def _is_author(person: Person, request: ReleaseRequest) -> Refusal | None:
    if person.username == request.author:
        return None
    return Refusal("not_author", say("Only the author of this request can do this."))


def _not_reviewed(person: Person, request: ReleaseRequest, earlier: Iterable[Review]) -> Refusal | None:
    """One review per person, round and policy; a void one included, since its maker saw others'."""
    if not has_reviewed(person, request, earlier):
        return None
    return Refusal("already_reviewed", say("You have completed your review of this request."))


def _readable(request: ReleaseRequest) -> Refusal | None:
    return None if request.state in READABLE_BY_CHECKERS else _wrong_state(request)


def _state(request: ReleaseRequest, wanted: State) -> Refusal | None:
    return None if request.state is wanted else _wrong_state(request)


def _wrong_state(request: ReleaseRequest) -> Refusal:
    return Refusal(
        "wrong_state",
        say(
            "This cannot be done while the request is '{state}'. Look again.",
            state=STATE_WORDS[request.state],
        ),
    )
