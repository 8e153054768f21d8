"""An authority's inquiry: registered, unsealed by both officers, answered once, sealed again.

Rules: the ledger has the inquiry before anything is opened and the answer's digest before the
answer is handed out; no pseudonym and no identity stands in it. An answer ends its time box.
Everything it needs lies in the producer's zone, so it is answered after the project's erasure
too, until the policy's date.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.inquiries import Authority, Inquiry, InquiryState, check_number, last_day, parse_pseudonyms
from catalog.officers_box import not_both
from catalog.ports import InquirySource, PseudonymKeys, SourceStore, TimeBoxesOf
from catalog.time_boxes import Purpose, TimeBox
from catalog.use_cases.may import may_as_officer
from catalog.use_cases.officers import Both, Officers
from enclave.actions import Action
from enclave.audit.canonical import Value
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.decisions import require
from enclave.errors import ConflictError, NotFoundError
from enclave.ports import Work, Works
from enclave.sentences import say
from enclave.use_cases.propose_eligibility import check_reason
from enclave.use_cases.sign_in import SecondFactor

FORMAT = "hanare-inquiry-answer/1"
BuiltFrom = Callable[[Work, str], Mapping[str, str]]
"""Each version of a project's extract, and the version of the source it was cut from."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the policy says of inquiries."""

    most_minutes: int
    most_pseudonyms: int
    kept_years: int


@dataclass(frozen=True, slots=True)
class Inquiries:
    """Inquiries with the ports of one deployment."""

    works: Works
    boxes_of: TimeBoxesOf
    officers: Officers
    keys: PseudonymKeys
    store: SourceStore
    source: InquirySource
    built_from: BuiltFrom

    def open(
        self, both: Both, asked: Inquiry, minutes: int, reason: str, limits: Limits
    ) -> tuple[Inquiry, TimeBox]:
        """The inquiry is on record and its time box open.

        Raises:
            NotFoundError: no such project. ConflictError: the number is taken, or the time has passed.
            DeniedError: not both officers.
        """
        check_number(asked.number)
        text = check_reason(reason)
        with self.works.begin() as work:
            for proof in (both.first, both.second):
                require(may_as_officer(work, proof.username, Action.OPEN_INQUIRY, asked.number))
            inquiry = self._register(work, both, asked, text, limits)
        time_box = self.officers.open(
            both, Purpose.INQUIRY, inquiry.number, minutes, limits.most_minutes, text
        )
        return inquiry, time_box

    def answer(
        self,
        proof: SecondFactor,
        number: str,
        pseudonyms: str,
        limits: Limits,
        deliver: Callable[[bytes], None],
    ) -> Mapping[str, int]:
        """The answer is handed to ``deliver``, and the box is closed again; how many were found.

        Raises:
            ConflictError: the inquiry is not unsealed, or its time box is over.
            InvalidInputError: the list cannot be read, or is too long.
        """
        wanted = parse_pseudonyms(pseudonyms, limits.most_pseudonyms)
        self.officers.settle()
        with self.works.begin() as work:
            inquiry, time_box = self._unsealed(work, proof, number)
            self._check_kept(work, inquiry.project, limits)
            built = dict(self.built_from(work, inquiry.project))
            facts = {"purpose": "pseudonym", "inquiry": number, "time_box": time_box.id}
            work.record(EventDraft(Kind.KEY_USED, proof.username, inquiry.project, number, facts))
        key = self.keys.find(inquiry.project, Purpose.INQUIRY, number)
        if key is None:
            raise _no_key()
        found, source = self.source.records(key, wanted), self.store.version()
        unknown = sorted(set(wanted) - {one["pseudonym"] for one in found})
        content = _document(inquiry, source, built, found, unknown)
        counts = {"asked": len(wanted), "found": len(found), "unknown": len(unknown)}
        self._record_answer(proof, inquiry, content, {**counts, "source": source, "extracts": built})
        try:
            deliver(content)
        finally:
            self.officers.end(Purpose.INQUIRY, number, proof.username)
        return counts

    def _register(self, work: Work, both: Both, asked: Inquiry, reason: str, limits: Limits) -> Inquiry:
        boxes = self.boxes_of(work)
        if not self.keys.known(asked.project):
            raise _no_key()
        self._check_kept(work, asked.project, limits)
        known = boxes.find_inquiry(asked.number)
        if known is not None:
            if (known.project, known.authority) != (asked.project, asked.authority):
                raise ConflictError(
                    "number_taken",
                    say("This number is of an inquiry about another project, or by another authority."),
                )
            if known.state in {InquiryState.REGISTERED, InquiryState.RESEALED}:
                return known
            raise ConflictError("already_open", say("The officers' box is open for this already."))
        boxes.put_inquiry(asked, work.now)
        facts = {"project": asked.project, "authority": asked.authority.value, "with": both.second.username}
        work.record(
            EventDraft(
                Kind.INQUIRY_REGISTERED, both.first.username, "", asked.number, facts, {"reason": reason}
            )
        )
        return asked

    def _unsealed(self, work: Work, proof: SecondFactor, number: str) -> tuple[Inquiry, TimeBox]:
        require(may_as_officer(work, proof.username, Action.ANSWER_INQUIRY, number))
        inquiry = self.boxes_of(work).find_inquiry(number)
        if inquiry is None:
            raise NotFoundError("no_inquiry", say("There is no inquiry of this number."))
        inquiry.moved(InquiryState.ANSWERED)
        time_box = self.officers.require_open(work, Purpose.INQUIRY, number)
        if proof.username not in time_box.officers:
            raise not_both()
        return inquiry, time_box

    def _check_kept(self, work: Work, project: str, limits: Limits) -> None:
        permit = work.register.find_permit(project)
        if permit is not None and work.now.date() > last_day(permit.ends_on, limits.kept_years):
            raise ConflictError(
                "past_date",
                say("This project ended more than {years} years ago. No inquiry is answered any more.",
                    years=limits.kept_years),
            )  # fmt: skip

    def _record_answer(
        self, proof: SecondFactor, inquiry: Inquiry, content: bytes, facts: Mapping[str, Value]
    ) -> None:
        with self.works.begin() as work:
            self.boxes_of(work).put_inquiry(inquiry.moved(InquiryState.ANSWERED), work.now)
            told = {**facts, "sha256": hashlib.sha256(content).hexdigest()}
            work.record(
                EventDraft(Kind.INQUIRY_ANSWERED, proof.username, inquiry.project, inquiry.number, told)
            )


def new_inquiry(number: str, project: str, authority: str) -> Inquiry:
    """An inquiry as it begins."""
    return Inquiry(number, project, Authority(authority), InquiryState.REGISTERED)


def _document(
    inquiry: Inquiry,
    source: str,
    built: Mapping[str, str],
    found: tuple[Mapping[str, Any], ...],
    unknown: list[str],
) -> bytes:
    document = {
        "format": FORMAT,
        "number": inquiry.number,
        "authority": inquiry.authority.value,
        "project": inquiry.project,
        "source": source,
        "extracts": built,
        "found": found,
        "unknown": unknown,
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _no_key() -> NotFoundError:
    return NotFoundError(
        "no_pseudonym_key",
        say("The producer has no pseudonym key of this project: nothing was built for it."),
    )
