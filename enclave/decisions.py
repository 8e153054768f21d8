"""The answer to "may they?", and the permit that proves it was asked.

A rule returns a refusal or nothing, and never raises, so that a page can ask in order to
explain. ``require`` turns an allowing decision into a ``Permit``. Everything that changes
state takes a ``Permit``, so forgetting to ask is a type error and not a hole. Only
``require`` makes one (an architecture test reads the syntax tree for that).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from enclave.actions import Action
from enclave.errors import DeniedError
from enclave.identity import Person
from enclave.sentences import Sentence, say


@dataclass(frozen=True, slots=True)
class Refusal:
    """One rule that said no: its stable code, and the sentence for the person."""

    code: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a person may act on a subject, with every rule that said no."""

    person: Person
    action: Action
    subject: str
    refusals: tuple[Refusal, ...] = ()

    @property
    def allowed(self) -> bool:
        return not self.refusals


@dataclass(frozen=True, slots=True)
class Permit:
    """Proof that this person was allowed this action on this subject."""

    person: Person
    action: Action
    subject: str


NO_RULE = Refusal("no_rule", say("No rule covers this, so it is refused."))


def decide(person: Person, action: Action, subject: str, rules: Iterable[Refusal | None]) -> Decision:
    """Gather every refusal. No rules at all is itself a refusal."""
    answers = tuple(rules) or (NO_RULE,)
    return Decision(person, action, subject, tuple(a for a in answers if a is not None))


def require(decision: Decision) -> Permit:
    """Hand out the permit, or raise ``DeniedError`` for the first refusal."""
    for refusal in decision.refusals:
        raise DeniedError(refusal.code, refusal.sentence)
    return Permit(decision.person, decision.action, decision.subject)
