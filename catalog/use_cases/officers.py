"""What the producer's two officers do with their box: make it, change it, open it for a while, close it.

Rules: everything but closing takes both officers of the box, each with a fresh second factor and
their passphrase; closing takes one of them, or a steward. What changes the box or opens it stands
between an intent and an outcome. ``settle`` notices what nobody told: an end that has come, an
opened half that is gone, an act that was not finished. In doubt it closes, and records it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from catalog.officers_box import Box, box_bytes, no_box, not_two, open_box
from catalog.ports import OfficersBox, OpenedBoxes, PseudonymKeys, TimeBoxesOf
from catalog.time_boxes import BoxState, Ending, Opened, Purpose, TimeBox, check_minutes, officers_sealed
from catalog.use_cases.may import may_as_officer
from catalog.use_cases.time_box_records import begin_time_box, end_time_box, record_change, record_open
from enclave.actions import Action
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.decisions import require
from enclave.errors import ConflictError, DeniedError, InvalidInputError
from enclave.identity import Role
from enclave.ports import Work, Works
from enclave.sentences import say
from enclave.use_cases.propose import known_person
from enclave.use_cases.propose_eligibility import check_reason
from enclave.use_cases.sign_in import SecondFactor


@dataclass(frozen=True, slots=True)
class Both:
    """Two persons who proved who they are, and the passphrase that each of them typed."""

    first: SecondFactor
    second: SecondFactor
    passphrases: Mapping[str, str] = field(repr=False)

    @property
    def names(self) -> tuple[str, str]:
        one, other = sorted((self.first.username, self.second.username))
        return one, other


@dataclass(frozen=True, slots=True)
class Officers:
    """The officers' acts with the ports of one deployment."""

    works: Works
    boxes_of: TimeBoxesOf
    box: OfficersBox
    opened: OpenedBoxes
    keys: PseudonymKeys

    def make(self, both: Both) -> Box:
        """The box exists, and what lay beside it unsealed is sealed.

        Raises:
            ConflictError: there is one already. DeniedError: not two officers of one producer.
            InvalidInputError: passphrases that are too short or the same.
        """
        self.settle()
        if self.box.find() is not None:
            raise ConflictError(
                "box_exists", say("The officers' box exists already. Its officers can change it.")
            )
        with self.works.begin() as work:
            organisation = self._officers(work, both, Action.CHANGE_BOX)
        made = self.box.propose(organisation, both.passphrases)
        self._keep(both, made, "made")
        return made

    def change_passphrase(self, both: Both, username: str, passphrase: str) -> Box:
        """One of the two has another passphrase from now on."""
        box, private = self._open(both, Action.CHANGE_BOX)
        if username not in box.officers:
            raise _not_of_box()
        changed = self.box.propose(box.organisation, {**both.passphrases, username: passphrase}, private)
        self._keep(both, changed, "passphrase")
        return changed

    def replace(self, both: Both, leaving: str, arriving: SecondFactor, passphrase: str) -> Box:
        """Another officer takes the place of one of the two, who opens the box for the last time."""
        box, private = self._open(both, Action.CHANGE_BOX)
        if leaving not in box.officers or arriving.username in box.officers:
            raise _not_of_box()
        with self.works.begin() as work:
            organisation = self._organisation(work, arriving.username, Action.CHANGE_BOX)
        if organisation != box.organisation:
            raise _other_organisation()
        (stays,) = set(box.officers) - {leaving}
        words = {stays: both.passphrases[stays], arriving.username: passphrase}
        changed = self.box.propose(box.organisation, words, private)
        self._keep(both, changed, "officer")
        return changed

    def open(
        self, both: Both, purpose: Purpose, subject: str, minutes: int, most: int, reason: str
    ) -> TimeBox:
        """The box is open for this purpose until the time box ends."""
        lasting, text = check_minutes(minutes, most), check_reason(reason)
        _, private = self._open(both, Action.OPEN_BOX)
        with self.opened.exclusive():
            self._settle()
            return self._open_for(both, private, purpose, subject, lasting, text)

    def close(self, proof: SecondFactor) -> tuple[TimeBox, ...]:
        """Everything that was open is closed; what that was."""
        with self.opened.exclusive():
            self._settle()
            with self.works.begin() as work:
                person = known_person(work, proof.username)
                if not person.roles & {Role.OFFICER, Role.STEWARD}:
                    raise DeniedError(
                        "wrong_role", say("Only an officer or a steward closes the officers' box.")
                    )
                closing = self.boxes_of(work).living()
                for one in closing:
                    self.opened.drop(one.id)
                    end_time_box(work, self.boxes_of(work), one, Ending.CLOSED, proof.username)
        return closing

    def end(self, purpose: Purpose, subject: str, username: str) -> None:
        """The time box of this purpose and subject is over before its time."""
        with self.opened.exclusive(), self.works.begin() as work:
            for one in self.boxes_of(work).living():
                if (one.purpose, one.subject) == (purpose, subject):
                    self.opened.drop(one.id)
                    end_time_box(work, self.boxes_of(work), one, Ending.CLOSED, username)

    def settle(self) -> tuple[TimeBox, ...]:
        """What is open now, after everything that is over was closed and recorded."""
        with self.opened.exclusive():
            living = self._settle()
        for project in self.keys.seal_plain():
            with self.works.begin() as work:
                facts = {"purpose": "pseudonym"}
                work.record(EventDraft(Kind.KEY_SEALED, "platform", project, facts=facts))
        return living

    def require_open(self, work: Work, purpose: Purpose, subject: str = "") -> TimeBox:
        """The time box that is open for this.

        Raises:
            ConflictError: none is, or it is over.
        """
        for one in self.boxes_of(work).living():
            if (one.purpose, one.subject, one.state) == (purpose, subject, BoxState.OPEN):
                found = self.opened.find(purpose, subject, work.now)
                if found is not None and found.id == one.id and not one.past(work.now):
                    return one
        raise officers_sealed()

    def _open(self, both: Both, action: Action) -> tuple[Box, bytes]:
        """The box and its private half; a refusal is recorded."""
        self.settle()
        box = self.box.find()
        if box is None:
            raise no_box()
        refused: DeniedError
        try:
            with self.works.begin() as work:
                if self._officers(work, both, action) != box.organisation:
                    raise _other_organisation()
            return box, open_box(box, both.passphrases)
        except DeniedError as error:
            refused = error
        with self.works.begin() as work:
            facts = {"with": both.second.username, "code": refused.code}
            work.record(EventDraft(Kind.OFFICERS_REFUSED, both.first.username, facts=facts))
        raise refused

    def _officers(self, work: Work, both: Both, action: Action) -> str:
        """The one producer whose officers both are."""
        if both.first.username == both.second.username or set(both.passphrases) != set(both.names):
            raise not_two()
        first, second = (self._organisation(work, name, action) for name in both.names)
        if first != second:
            raise _other_organisation()
        return first

    def _organisation(self, work: Work, username: str, action: Action) -> str:
        return require(may_as_officer(work, username, action, "box")).person.organisation

    def _keep(self, both: Both, box: Box, what: str) -> None:
        with self.opened.exclusive():
            mark = hashlib.sha256(box_bytes(box)).hexdigest()[:32]
            with self.works.begin() as work:
                change = TimeBox(mark, Purpose.CHANGE, what, both.names, work.now, work.now)
                self.boxes_of(work).put(change)
                record_change(work, change, Kind.BOX_INTENDED, box.officers)
            self.box.keep(box)
        self.settle()

    def _open_for(
        self, both: Both, private: bytes, purpose: Purpose, subject: str, lasting: timedelta, reason: str
    ) -> TimeBox:
        with self.works.begin() as work:
            boxes = self.boxes_of(work)
            if any((one.purpose, one.subject) == (purpose, subject) for one in boxes.living()):
                raise ConflictError("already_open", say("The officers' box is open for this already."))
            mark, now = work.fresh.token(8).hex(), work.now
            time_box = TimeBox(mark, purpose, subject, both.names, now, now + lasting)
            boxes.put(time_box)
            begin_time_box(work, time_box, both.first.username, reason)
        self.opened.put(Opened(mark, purpose, subject, time_box.expires_at, private))
        with self.works.begin() as work:
            boxes = self.boxes_of(work)
            boxes.put(time_box.opened())
            record_open(work, boxes, time_box)
        return time_box.opened()

    def _settle(self) -> tuple[TimeBox, ...]:
        with self.works.begin() as work:
            boxes, here, living = self.boxes_of(work), self.opened.ids(work.now), []
            for one in boxes.living():
                ending = self._ending(work, one, here)
                if ending is None:
                    living.append(one)
                else:
                    end_time_box(work, boxes, one, ending, "platform")
            for stray in here - {one.id for one in living}:
                self.opened.drop(stray)
        return tuple(living)

    def _ending(self, work: Work, one: TimeBox, here: frozenset[str]) -> Ending | None:
        """Why this one is over, or None while it is open."""
        if one.purpose is Purpose.CHANGE:
            box = self.box.find()
            kept = box is not None and hashlib.sha256(box_bytes(box)).hexdigest().startswith(one.id)
            return Ending.DONE if kept else Ending.UNDONE
        if one.state is BoxState.INTENDED:
            return Ending.UNDONE
        if one.past(work.now):
            return Ending.EXPIRED
        return None if one.id in here else Ending.GONE


def _not_of_box() -> InvalidInputError:
    return InvalidInputError(
        "not_of_box", say("Whoever leaves is an officer of the box, and whoever comes is not one yet.")
    )


def _other_organisation() -> DeniedError:
    return DeniedError("other_producer", say("Both officers are of the one producer whose box this is."))
