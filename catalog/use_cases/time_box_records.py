"""What the ledger is told of the officers' box: intents, openings, endings. No passphrase, no key.

A reason is people's words: it lies in the event's body, under the house's key, because an inquiry
outlives its project's keys. An inquiry moves with its time box: unsealed when it opens, resealed
when it ends, however it ends.
"""

from catalog.inquiries import InquiryState
from catalog.ports import TimeBoxes
from catalog.time_boxes import Ending, Purpose, TimeBox
from enclave.audit.canonical import Value
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.ports import Work


def record_change(work: Work, change: TimeBox, kind: Kind, after: tuple[str, ...] = ()) -> None:
    """The box was made or changed, or will be; ``after`` are the officers it will have then."""
    first, second = change.officers
    facts: dict[str, Value] = {"what": change.subject, "with": second}
    if after:
        facts["officers"] = list(after)
    work.record(EventDraft(kind, first, subject=change.id, facts=facts))


def begin_time_box(work: Work, time_box: TimeBox, username: str, reason: str) -> None:
    """The box will be opened."""
    facts = _facts(time_box)
    work.record(
        EventDraft(
            Kind.TIME_BOX_INTENDED, username, subject=time_box.id, facts=facts, body={"reason": reason}
        )
    )


def record_open(work: Work, boxes: TimeBoxes, time_box: TimeBox) -> None:
    """The box is open, and the inquiry it was opened for unsealed."""
    first, _ = time_box.officers
    work.record(EventDraft(Kind.TIME_BOX_OPENED, first, subject=time_box.id, facts=_facts(time_box)))
    _move_inquiry(work, boxes, time_box, InquiryState.UNSEALED, first)


def end_time_box(work: Work, boxes: TimeBoxes, one: TimeBox, ending: Ending, username: str) -> None:
    """The time box is over, for this reason."""
    boxes.put(one.ended(ending))
    if one.purpose is Purpose.CHANGE:
        kind = Kind.BOX_DONE if ending is Ending.DONE else Kind.BOX_UNDONE
        record_change(work, one, kind)
        return
    kind = Kind.TIME_BOX_UNDONE if ending is Ending.UNDONE else Kind.TIME_BOX_CLOSED
    facts: dict[str, Value] = {**_facts(one), "ending": ending.value}
    work.record(EventDraft(kind, username, subject=one.id, facts=facts))
    if ending is not Ending.UNDONE:
        _move_inquiry(work, boxes, one, InquiryState.RESEALED, username)


def _move_inquiry(
    work: Work, boxes: TimeBoxes, time_box: TimeBox, state: InquiryState, username: str
) -> None:
    inquiry = boxes.find_inquiry(time_box.subject) if time_box.purpose is Purpose.INQUIRY else None
    if inquiry is None:
        return
    boxes.put_inquiry(inquiry.moved(state), work.now)
    kind = Kind.INQUIRY_UNSEALED if state is InquiryState.UNSEALED else Kind.INQUIRY_RESEALED
    facts = {"time_box": time_box.id}
    work.record(EventDraft(kind, username, inquiry.project, inquiry.number, facts))


def _facts(time_box: TimeBox) -> dict[str, Value]:
    return {
        "purpose": time_box.purpose.value,
        "of": time_box.subject,
        "officers": list(time_box.officers),
        "until": time_box.expires_at.isoformat(),
    }
