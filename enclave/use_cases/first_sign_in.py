"""Setting up a person's own sign-in: the credential that an enrolment will name.

The person makes it themself; whoever proposes the enrolment gets its digest and nothing else.
It waits seven days. Making one proves nothing and gives nothing: only an enrolment that two
people agreed on makes it count. Where nobody is signed in (the browser) at most
``MOST_AN_HOUR`` are kept in any hour over the whole house, so that nobody fills it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.credentials import RECOVERY_BYTES, RECOVERY_CODES, normal_recovery, recovery_code, recovery_hash
from enclave.errors import UnavailableError
from enclave.people import Credential
from enclave.ports import Randomness, Work
from enclave.sentences import say
from enclave.use_cases.adoption_effects import CREDENTIAL_WAITS

HOUR = timedelta(hours=1)
MOST_AN_HOUR = 30


@dataclass(frozen=True, slots=True)
class MadeCredential:
    """What is handed over once: the digest for the operator, the codes for the person alone."""

    digest: str
    recovery_codes: tuple[str, ...]


def fresh_recovery_codes(fresh: Randomness) -> tuple[str, ...]:
    """Ten new recovery codes, as they are shown."""
    return tuple(recovery_code(fresh.token(RECOVERY_BYTES)) for _ in range(RECOVERY_CODES))


def recovery_hashes(username: str, codes: Sequence[str]) -> tuple[str, ...]:
    """What is kept of these codes."""
    return tuple(recovery_hash(username, normal_recovery(code) or "") for code in codes)


def keep_credential(
    work: Work, username: str, password_hash: str, totp_secret: str, *, by: str, most: int | None = None
) -> MadeCredential:
    """The credential waits for an enrolment; what is too old waits no more. ``by`` says where it was made.

    Raises:
        UnavailableError: ``most`` were made within the last hour.
    """
    work.register.drop_pending_credentials(work.now - CREDENTIAL_WAITS)
    if most is not None and work.register.pending_credentials(work.now - HOUR) >= most:
        raise UnavailableError(
            "too_many_set_ups",
            say("Too many people are setting up their sign-in at once. Try again in an hour."),
        )
    codes = fresh_recovery_codes(work.fresh)
    sealed = work.register.seal_totp(username, totp_secret)
    credential = Credential(password_hash, sealed, recovery_hashes(username, codes))
    work.register.put_pending_credential(username, credential, work.now)
    known = work.register.find_account(username) is not None
    work.record(
        EventDraft(
            Kind.CREDENTIAL_MADE,
            person="unknown",
            subject=credential.digest(),
            facts={"for": username if known else "", "by": by},
        )
    )
    return MadeCredential(credential.digest(), codes)
