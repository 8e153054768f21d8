"""Changing the master key: an operator and a board member together, recorded before and after.

The keyring does it so that every key opens at every moment. One that was killed is finished by
asking again; the ledger then has two intents and one outcome.
"""

from collections.abc import Callable

from enclave.access import account_rules, role_rule
from enclave.actions import Action
from enclave.audit.canonical import Value
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.decisions import Refusal, decide, require
from enclave.identity import Person, Role
from enclave.ports import RotatingKeyring, Work, Works
from enclave.sentences import say
from enclave.use_cases.sign_in import SecondFactor


def rotate_master(works: Works, keyring: RotatingKeyring, operator: SecondFactor, board: SecondFactor) -> int:
    """Every key is wrapped by a newer master key; how many.

    Raises:
        DeniedError: not an operator and a member of the board.
        TamperedError: a key does not open; nothing was changed.
    """
    with works.begin() as work:
        require_one_of_two(work, operator, Role.OPERATOR, board)
        require_one_of_two(work, board, Role.BOARD, operator)
        again = keyring.rotating()
        facts: dict[str, Value] = {"with": board.username, "continued": again}
        work.record(EventDraft(Kind.KEY_ROTATION_INTENDED, operator.username, facts=facts))
    count = keyring.rotate()
    with works.begin() as work:
        done: dict[str, Value] = {"with": board.username, "keys": count}
        work.record(EventDraft(Kind.KEY_ROTATED, operator.username, facts=done))
    return count


def seal_master(works: Works, seal: Callable[[], None], operator: SecondFactor, board: SecondFactor) -> None:
    """The master key's file is put under a passphrase by the same two.

    Raises:
        DeniedError: not an operator and a member of the board.
    """
    with works.begin() as work:
        require_one_of_two(work, operator, Role.OPERATOR, board)
        require_one_of_two(work, board, Role.BOARD, operator)
        facts: dict[str, Value] = {"purpose": "master", "with": board.username}
        work.record(EventDraft(Kind.KEY_ROTATION_INTENDED, operator.username, facts=facts))
    seal()
    with works.begin() as work:
        work.record(EventDraft(Kind.KEY_SEALED, operator.username, facts=facts))


def require_one_of_two(
    work: Work, proof: SecondFactor, role: Role, other: SecondFactor, subject: str = "master"
) -> None:
    """This person has this role and is not the other one; a ``DeniedError`` otherwise."""
    account = work.register.find_account(proof.username)
    organisation = work.register.find_organisation(account.organisation) if account else None
    rules = [*account_rules(account, organisation, work.now.date()), role_rule(account, role)]
    if proof.username == other.username:
        rules.append(Refusal("same_person", say("This takes two people.")))
    person = account.person() if account else Person(proof.username)
    require(decide(person, Action.ROTATE_KEYS, subject, rules))
