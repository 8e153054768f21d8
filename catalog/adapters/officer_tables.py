"""The officers' time boxes and inquiries in the database: states and numbers, no pseudonym, no identity."""

from datetime import datetime

from sqlalchemy import Column, Connection, Integer, Row, String, Table, delete, insert, select

from catalog.inquiries import Authority, Inquiry, InquiryState
from catalog.time_boxes import BoxState, Ending, Purpose, TimeBox
from enclave.adapters.tables import metadata

officers_time_box = Table(
    "officers_time_box",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("purpose", String(10), nullable=False),
    Column("subject", String(40), nullable=False),
    Column("first_officer", String(40), nullable=False),
    Column("second_officer", String(40), nullable=False),
    Column("opened_at", String(32), nullable=False),
    Column("expires_at", String(32), nullable=False),
    Column("state", String(10), nullable=False),
    Column("ending", String(10), nullable=True),
)
officers_inquiry = Table(
    "officers_inquiry",
    metadata,
    Column("number", String(40), primary_key=True),
    Column("project", String(40), nullable=False),
    Column("authority", String(20), nullable=False),
    Column("state", String(12), nullable=False),
    Column("answers", Integer, nullable=False),
    Column("at", String(32), nullable=False),
)


class TimeBoxTables:
    """The ``TimeBoxes`` port over one transaction's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, time_box: TimeBox) -> None:
        t = officers_time_box
        first, second = time_box.officers
        self._connection.execute(delete(t).where(t.c.id == time_box.id))
        self._connection.execute(
            insert(t).values(
                id=time_box.id,
                purpose=time_box.purpose.value,
                subject=time_box.subject,
                first_officer=first,
                second_officer=second,
                opened_at=time_box.opened_at.isoformat(),
                expires_at=time_box.expires_at.isoformat(),
                state=time_box.state.value,
                ending=time_box.ending.value if time_box.ending else None,
            )
        )

    def living(self) -> tuple[TimeBox, ...]:
        t = officers_time_box
        rows = self._connection.execute(
            select(t).where(t.c.state != BoxState.CLOSED.value).order_by(t.c.opened_at, t.c.id)
        )
        return tuple(_time_box(row) for row in rows)

    def find_inquiry(self, number: str) -> Inquiry | None:
        t = officers_inquiry
        row = self._connection.execute(select(t).where(t.c.number == number)).one_or_none()
        return None if row is None else _inquiry(row)

    def inquiries(self) -> tuple[Inquiry, ...]:
        t = officers_inquiry
        return tuple(
            _inquiry(row) for row in self._connection.execute(select(t).order_by(t.c.at, t.c.number))
        )

    def put_inquiry(self, inquiry: Inquiry, at: datetime) -> None:
        t = officers_inquiry
        self._connection.execute(delete(t).where(t.c.number == inquiry.number))
        self._connection.execute(
            insert(t).values(
                number=inquiry.number,
                project=inquiry.project,
                authority=inquiry.authority.value,
                state=inquiry.state.value,
                answers=inquiry.answers,
                at=at.isoformat(),
            )
        )


def _time_box(row: Row[tuple[object, ...]]) -> TimeBox:
    return TimeBox(
        id=row.id,
        purpose=Purpose(row.purpose),
        subject=row.subject,
        officers=(row.first_officer, row.second_officer),
        opened_at=datetime.fromisoformat(row.opened_at),
        expires_at=datetime.fromisoformat(row.expires_at),
        state=BoxState(row.state),
        ending=Ending(row.ending) if row.ending else None,
    )


def _inquiry(row: Row[tuple[object, ...]]) -> Inquiry:
    return Inquiry(row.number, row.project, Authority(row.authority), InquiryState(row.state), row.answers)
