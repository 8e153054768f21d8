"""Proving who someone is: password and one-time code, at sign-in and again at every vote.

Rules: both factors at once, so a wrong answer does not say which; a code's time step is used
up by success; five failures in a row close the account for fifteen minutes; whoever is not
eligible is refused even with the right answers; every attempt is recorded. A recovery code
stands in for the one-time code only where the caller says so (signing in at the hub), never at
a vote, an adoption or a command; each is good once, and its use is recorded. An attempt is kept
although it ends in an error, so these functions open their own transactions.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from enclave.access import account_rules
from enclave.actions import Action
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.credentials import normal_recovery, recovery_hash
from enclave.decisions import Refusal, decide
from enclave.errors import DeniedError
from enclave.identity import Person
from enclave.ports import Passwords, Work, Works
from enclave.sentences import say

FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=15)
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$+uPtqE+VNl1+78sDHPb8Fg$wyV5Y9Z2GWVsdU/xBFKFlSR54Ps8fiOo/gaS4BnvGm4"
"""Verified against when the name is unknown, so that the time taken does not tell."""

WRONG = Refusal("wrong_credentials", say("The name, the password or the one-time code is wrong. Try again."))
LOCKED = Refusal("locked", say("Too many failed attempts. Wait fifteen minutes, then try again."))


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """Proof that this person gave a fresh one-time code at this moment (UTC)."""

    username: str
    at: datetime


def sign_in(
    works: Works, passwords: Passwords, username: str, password: str, code: str, *, recovery: bool = False
) -> Person:
    """The person whose password and code these are; ``recovery`` admits recovery codes.

    Raises:
        DeniedError: wrong, locked, or not eligible; recorded as ``person.refused``.
    """
    with works.begin() as work:
        refusal = _credentials(work, passwords, username, password, code, recovery=recovery)
        person = Person(username)
        if refusal is None:
            account = work.register.find_account(username)
            organisation = work.register.find_organisation(account.organisation) if account else None
            rules = account_rules(account, organisation, work.now.date())
            decision = decide(person, Action.SIGN_IN, username, rules)
            refusal = next(iter(decision.refusals), None)
            person = account.person() if account else person
        _record(work, username, "sign_in", refusal)
    if refusal:
        raise DeniedError(refusal.code, refusal.sentence)
    return person


def second_factor(works: Works, passwords: Passwords, username: str, code: str) -> SecondFactor:
    """Proof of a fresh code, asked for again at votes and adoptions.

    Raises:
        DeniedError: wrong, already used, or locked; recorded as ``person.refused``.
    """
    with works.begin() as work:
        refusal = _locked(work, username) or _code(work, passwords, username, code)
        work.register.note_attempt(username, succeeded=refusal is None, at=work.now)
        if refusal:
            _record(work, username, "second_factor", refusal)
        at = work.now
    if refusal:
        raise DeniedError(refusal.code, refusal.sentence)
    return SecondFactor(username, at)


def _credentials(
    work: Work, passwords: Passwords, username: str, password: str, code: str, *, recovery: bool
) -> Refusal | None:
    locked = _locked(work, username)
    if locked:
        return locked
    credential = work.register.find_credential(username)
    right = passwords.verify(credential.password_hash if credential else _NOBODY, password)
    given = normal_recovery(code) if recovery else None
    if credential is None or not right:
        refusal: Refusal | None = WRONG
    elif given is not None:
        refusal = _recovery(work, username, given)
    else:
        refusal = _code(work, passwords, username, code)
    work.register.note_attempt(username, succeeded=refusal is None, at=work.now)
    return refusal


def _code(work: Work, passwords: Passwords, username: str, code: str) -> Refusal | None:
    credential = work.register.find_credential(username)
    if credential is None:
        return WRONG
    secret = work.register.open_totp(username, credential.totp_sealed)
    step = passwords.totp_step(secret, code, work.now)
    if step is None or not work.register.spend_totp(username, step):
        return WRONG
    return None


def _recovery(work: Work, username: str, code: str) -> Refusal | None:
    left = work.register.spend_recovery(username, recovery_hash(username, code))
    if left is None:
        return WRONG
    work.record(EventDraft(Kind.RECOVERY_USED, username, facts={"left": left}))
    return None


def _locked(work: Work, username: str) -> Refusal | None:
    count, last = work.register.failures(username)
    if count >= FAILURES_ALLOWED and last is not None and work.now - last < LOCKED_FOR:
        return LOCKED
    return None


def _record(work: Work, username: str, what: str, refusal: Refusal | None) -> None:
    known = work.register.find_account(username) is not None
    work.record(
        EventDraft(
            Kind.PERSON_REFUSED if refusal else Kind.PERSON_SIGNED_IN,
            person=username if known else "unknown",
            facts={"what": what, "code": refusal.code if refusal else ""},
        )
    )
