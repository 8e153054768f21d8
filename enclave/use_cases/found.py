"""The founding of a home: the first two people, on the record.

Everything later takes two people who are already enrolled, so the first two board members
are enrolled by being present together, once, in a home that has no account yet. A home that
has one cannot be founded again by any command.
"""

from collections.abc import Sequence
from datetime import date

from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.errors import ConflictError, InvalidInputError
from enclave.identity import Person, Role, check_username
from enclave.people import Account, AccountState, Credential, Organisation
from enclave.ports import Work
from enclave.sentences import say

HOUSE = "house"


def found(
    work: Work,
    organisation: Organisation,
    founders: Sequence[tuple[Person, Credential]],
    trained_until: date,
    *,
    demo: bool,
) -> None:
    """The home has its organisation and its first two board members.

    Raises:
        ConflictError: there is an account already.
        InvalidInputError: not exactly two different people.
    """
    if work.register.accounts():
        raise ConflictError(
            "already_founded", say("This home was founded already. Propose enrolments instead.")
        )
    names = [check_username(person.username) for person, _ in founders]
    if len(names) != 2 or len(set(names)) != 2:
        raise InvalidInputError("two_founders", say("A home is founded by exactly two different people."))
    work.keyring.make(HOUSE, "body")
    work.keyring.make(HOUSE, "credential")
    work.register.put_organisation(organisation)
    for person, credential in founders:
        work.register.put_account(
            Account(
                username=person.username,
                display_name=person.display_name,
                organisation=organisation.id,
                roles=frozenset({Role.BOARD}),
                state=AccountState.ACTIVE,
                trained_until=trained_until,
                enrolled_at=work.now,
            )
        )
        work.register.put_credential(person.username, credential)
    work.record(
        EventDraft(
            Kind.HOME_FOUNDED,
            person=names[0],
            subject=organisation.id,
            facts={"founders": names, "demo": demo},
        )
    )
