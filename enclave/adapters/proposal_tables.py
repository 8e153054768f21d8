"""Proposals and adoptions in the database."""

from datetime import datetime

from sqlalchemy import Connection, Row, insert, select, update

from enclave.adapters.tables import proposal as table
from enclave.adoptions import Proposal, ProposalKind, ProposalState


class ProposalTables:
    """The ``Proposals`` port over one transaction's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, proposal: Proposal) -> None:
        self._connection.execute(insert(table).values(**_row(proposal)))

    def put(self, proposal: Proposal) -> None:
        self._connection.execute(update(table).where(table.c.id == proposal.id).values(**_row(proposal)))

    def find(self, proposal_id: str) -> Proposal | None:
        row = self._connection.execute(select(table).where(table.c.id == proposal_id)).one_or_none()
        return None if row is None else _proposal(row)

    def all(self) -> tuple[Proposal, ...]:
        rows = self._connection.execute(select(table).order_by(table.c.proposed_at, table.c.id))
        return tuple(_proposal(row) for row in rows)

    def adopted(self, kind: ProposalKind, subject: str) -> Proposal | None:
        row = self._connection.execute(
            select(table).where(
                table.c.kind == kind.value,
                table.c.subject == subject,
                table.c.state == ProposalState.ADOPTED.value,
            )
        ).one_or_none()
        return None if row is None else _proposal(row)

    def adopted_under(self, kind: ProposalKind, prefix: str) -> tuple[Proposal, ...]:
        rows = self._connection.execute(
            select(table)
            .where(
                table.c.kind == kind.value,
                table.c.subject.startswith(prefix, autoescape=True),
                table.c.state == ProposalState.ADOPTED.value,
            )
            .order_by(table.c.subject)
        )
        return tuple(_proposal(row) for row in rows)


def _row(proposal: Proposal) -> dict[str, str | None]:
    return {
        "id": proposal.id,
        "kind": proposal.kind.value,
        "subject": proposal.subject,
        "digest": proposal.digest,
        "payload": proposal.payload,
        "proposed_by": proposal.proposed_by,
        "proposed_at": proposal.proposed_at.isoformat(),
        "state": proposal.state.value,
        "adopted_by": proposal.adopted_by,
        "adopted_at": None if proposal.adopted_at is None else proposal.adopted_at.isoformat(),
    }


def _proposal(row: Row[tuple[object, ...]]) -> Proposal:
    return Proposal(
        id=row.id,
        kind=ProposalKind(row.kind),
        subject=row.subject,
        digest=row.digest,
        payload=row.payload,
        proposed_by=row.proposed_by,
        proposed_at=datetime.fromisoformat(row.proposed_at),
        state=ProposalState(row.state),
        adopted_by=row.adopted_by,
        adopted_at=None if row.adopted_at is None else datetime.fromisoformat(row.adopted_at),
    )
