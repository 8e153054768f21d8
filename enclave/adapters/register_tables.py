"""Organisations, accounts, training, credentials, contracts and permits in the database.

TOTP secrets are sealed under the house's ``credential`` key; passwords are kept as argon2id
hashes only, recovery codes as SHA-256 of eighty random bits.
"""

import json
from datetime import date, datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from enclave.adapters import tables
from enclave.audit.canonical import canonical
from enclave.contracts import Contract
from enclave.errors import TamperedError
from enclave.identity import Role
from enclave.people import Account, AccountState, Credential, Organisation, OrganisationKind, Training
from enclave.ports import Keyring, Randomness
from enclave.projects import ProjectPermit, parse_permit
from enclave.sentences import say

_NONCE = 12


class RegisterTables:
    """The ``Register`` port over one transaction's connection."""

    def __init__(self, connection: Connection, keyring: Keyring, fresh: Randomness) -> None:
        self._connection = connection
        self._keyring = keyring
        self._fresh = fresh

    def find_account(self, username: str) -> Account | None:
        t = tables.account
        row = self._connection.execute(select(t).where(t.c.username == username)).one_or_none()
        return None if row is None else _account(row)

    def accounts(self) -> tuple[Account, ...]:
        t = tables.account
        return tuple(_account(row) for row in self._connection.execute(select(t).order_by(t.c.username)))

    def put_account(self, account: Account) -> None:
        t = tables.account
        self._connection.execute(delete(t).where(t.c.username == account.username))
        self._connection.execute(
            insert(t).values(
                username=account.username,
                display_name=account.display_name,
                organisation=account.organisation,
                roles=json.dumps(sorted(r.value for r in account.roles)),
                state=account.state.value,
                trained_until=account.trained_until.isoformat(),
                enrolled_at=account.enrolled_at.isoformat(),
                re_enrolled=account.re_enrolled,
                closed_at=_iso(account.closed_at),
                closed_reason=account.closed_reason,
            )
        )

    def find_organisation(self, organisation: str) -> Organisation | None:
        t = tables.organisation
        row = self._connection.execute(select(t).where(t.c.id == organisation)).one_or_none()
        return None if row is None else _organisation(row)

    def organisations(self) -> tuple[Organisation, ...]:
        t = tables.organisation
        return tuple(_organisation(row) for row in self._connection.execute(select(t).order_by(t.c.id)))

    def put_organisation(self, organisation: Organisation) -> None:
        t = tables.organisation
        self._connection.execute(delete(t).where(t.c.id == organisation.id))
        self._connection.execute(
            insert(t).values(
                id=organisation.id,
                name=organisation.name,
                kind=organisation.kind.value,
                certified_until=organisation.certified_until.isoformat(),
                certificate=organisation.certificate,
                certified_from=organisation.certified_from.isoformat(),
                withdrawn_at=_iso(organisation.withdrawn_at),
                withdrawn_reason=organisation.withdrawn_reason,
            )
        )

    def training_of(self, username: str) -> tuple[Training, ...]:
        t = tables.training
        rows = self._connection.execute(
            select(t).where(t.c.username == username).order_by(t.c.completed_on, t.c.course)
        )
        return tuple(
            Training(
                row.username,
                row.course,
                date.fromisoformat(row.completed_on),
                date.fromisoformat(row.valid_until),
            )
            for row in rows
        )

    def add_training(self, training: Training) -> None:
        t = tables.training
        key = {
            "username": training.username,
            "course": training.course,
            "completed_on": training.completed_on.isoformat(),
        }
        self._connection.execute(delete(t).where(*(t.c[name] == value for name, value in key.items())))
        self._connection.execute(insert(t).values(valid_until=training.valid_until.isoformat(), **key))

    def find_contract(self, contract: str) -> Contract | None:
        t = tables.use_contract
        row = self._connection.execute(select(t).where(t.c.id == contract)).one_or_none()
        return None if row is None else _contract(row)

    def contracts(self) -> tuple[Contract, ...]:
        t = tables.use_contract
        return tuple(_contract(row) for row in self._connection.execute(select(t).order_by(t.c.id)))

    def contracts_of(self, organisation: str) -> tuple[Contract, ...]:
        t = tables.use_contract
        rows = self._connection.execute(select(t).where(t.c.organisation == organisation).order_by(t.c.id))
        return tuple(_contract(row) for row in rows)

    def put_contract(self, contract: Contract) -> None:
        t = tables.use_contract
        self._connection.execute(delete(t).where(t.c.id == contract.id))
        self._connection.execute(
            insert(t).values(
                id=contract.id,
                organisation=contract.organisation,
                project=contract.project,
                starts_on=contract.starts_on.isoformat(),
                ends_on=contract.ends_on.isoformat(),
                sha256=contract.sha256,
                ended_at=_iso(contract.ended_at),
                ended_reason=contract.ended_reason,
            )
        )

    def find_permit(self, project: str) -> ProjectPermit | None:
        t = tables.project_permit
        row = self._connection.execute(select(t.c.document).where(t.c.project == project)).one_or_none()
        return None if row is None else parse_permit(json.loads(row.document))

    def permits(self) -> tuple[ProjectPermit, ...]:
        t = tables.project_permit
        rows = self._connection.execute(select(t.c.document).order_by(t.c.project))
        return tuple(parse_permit(json.loads(row.document)) for row in rows)

    def put_permit(self, permit: ProjectPermit) -> None:
        t = tables.project_permit
        self._connection.execute(delete(t).where(t.c.project == permit.project))
        self._connection.execute(
            insert(t).values(project=permit.project, document=canonical(permit.document()).decode())
        )

    def seal_totp(self, username: str, secret: str) -> bytes:
        nonce = self._fresh.token(_NONCE)
        key = self._keyring.make("house", "credential")
        return nonce + AESGCM(key).encrypt(nonce, secret.encode(), username.encode())

    def open_totp(self, username: str, sealed: bytes) -> str:
        key = self._keyring.make("house", "credential")
        try:
            return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], username.encode()).decode()
        except InvalidTag as error:
            raise TamperedError(
                "bad_credential", say("A stored credential does not open. Enrol anew.")
            ) from error

    def put_credential(self, username: str, credential: Credential) -> None:
        t = tables.credential
        self._connection.execute(delete(t).where(t.c.username == username))
        self._connection.execute(
            insert(t).values(
                username=username,
                password_hash=credential.password_hash,
                totp_sealed=credential.totp_sealed,
                recovery=json.dumps(credential.recovery),
                failures=0,
            )
        )

    def find_credential(self, username: str) -> Credential | None:
        t = tables.credential
        row = self._connection.execute(select(t).where(t.c.username == username)).one_or_none()
        return None if row is None else _credential(row)

    def put_pending_credential(self, username: str, credential: Credential, at: datetime) -> None:
        t = tables.pending_credential
        self._connection.execute(delete(t).where(t.c.digest == credential.digest()))
        self._connection.execute(
            insert(t).values(
                digest=credential.digest(),
                username=username,
                password_hash=credential.password_hash,
                totp_sealed=credential.totp_sealed,
                recovery=json.dumps(credential.recovery),
                made_at=at.isoformat(),
            )
        )

    def has_pending_credential(self, username: str, digest: str, since: datetime) -> bool:
        return self._pending(username, digest, since) is not None

    def take_pending_credential(self, username: str, digest: str, since: datetime) -> Credential | None:
        row, t = self._pending(username, digest, since), tables.pending_credential
        if row is None:
            return None
        self._connection.execute(delete(t).where(t.c.digest == digest))
        return _credential(row)

    def pending_credentials(self, since: datetime) -> int:
        t = tables.pending_credential
        return self._connection.execute(
            select(func.count()).select_from(t).where(t.c.made_at >= since.isoformat())
        ).scalar_one()

    def drop_pending_credentials(self, before: datetime) -> None:
        t = tables.pending_credential
        self._connection.execute(delete(t).where(t.c.made_at < before.isoformat()))

    def _pending(self, username: str, digest: str, since: datetime) -> Row[tuple[object, ...]] | None:
        t = tables.pending_credential
        return self._connection.execute(
            select(t).where(t.c.digest == digest, t.c.username == username, t.c.made_at >= since.isoformat())
        ).one_or_none()

    def spend_recovery(self, username: str, hashed: str) -> int | None:
        t = tables.credential
        row = self._connection.execute(
            select(t.c.recovery).where(t.c.username == username).with_for_update()
        ).one_or_none()
        known: list[str] = [] if row is None else json.loads(row.recovery)
        if hashed not in known:
            return None
        left = [other for other in known if other != hashed]
        self._connection.execute(update(t).where(t.c.username == username).values(recovery=json.dumps(left)))
        return len(left)

    def spend_totp(self, username: str, step: int) -> bool:
        try:
            with self._connection.begin_nested():
                self._connection.execute(insert(tables.totp_spent).values(username=username, step=step))
        except IntegrityError:
            return False
        return True

    def failures(self, username: str) -> tuple[int, datetime | None]:
        t = tables.credential
        row = self._connection.execute(
            select(t.c.failures, t.c.last_failure).where(t.c.username == username)
        ).one_or_none()
        if row is None:
            return 0, None
        return row.failures, None if row.last_failure is None else datetime.fromisoformat(row.last_failure)

    def note_attempt(self, username: str, *, succeeded: bool, at: datetime) -> None:
        t = tables.credential
        values = (
            {"failures": 0, "last_failure": None}
            if succeeded
            else {"failures": t.c.failures + 1, "last_failure": at.isoformat()}
        )
        self._connection.execute(update(t).where(t.c.username == username).values(**values))


def _account(row: Row[tuple[object, ...]]) -> Account:
    return Account(
        username=row.username,
        display_name=row.display_name,
        organisation=row.organisation,
        roles=frozenset(Role(r) for r in json.loads(row.roles)),
        state=AccountState(row.state),
        trained_until=date.fromisoformat(row.trained_until),
        enrolled_at=datetime.fromisoformat(row.enrolled_at),
        re_enrolled=bool(row.re_enrolled),
        closed_at=_moment(row.closed_at),
        closed_reason=row.closed_reason,
    )


def _organisation(row: Row[tuple[object, ...]]) -> Organisation:
    return Organisation(
        id=row.id,
        name=row.name,
        kind=OrganisationKind(row.kind),
        certified_until=date.fromisoformat(row.certified_until),
        certificate=row.certificate,
        certified_from=date.fromisoformat(row.certified_from),
        withdrawn_at=_moment(row.withdrawn_at),
        withdrawn_reason=row.withdrawn_reason,
    )


def _contract(row: Row[tuple[object, ...]]) -> Contract:
    return Contract(
        id=row.id,
        organisation=row.organisation,
        project=row.project,
        starts_on=date.fromisoformat(row.starts_on),
        ends_on=date.fromisoformat(row.ends_on),
        sha256=row.sha256,
        ended_at=_moment(row.ended_at),
        ended_reason=row.ended_reason,
    )


def _credential(row: Row[tuple[object, ...]]) -> Credential:
    return Credential(row.password_hash, row.totp_sealed, tuple(json.loads(row.recovery)))


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
