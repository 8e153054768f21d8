"""An author asks before handing in, and is answered by what an author may know.

1. Asking is recorded and counted: at most the policy's number an hour, so that nobody searches with it.
2. The same question of the same person in the same project is one question, however often it is sent.
3. An answer is stored once, with its event, and only where the question still waits. The files of the
   question go with it; what they state is kept, because asking is what a search needs.
4. Nothing leaves by an answer, and no state of any request changes.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from enclave.audit.canonical import Value
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.decisions import require
from enclave.errors import ConflictError, NotFoundError
from enclave.identity import Person
from enclave.sentences import say
from output_review.asked_checks import Answer, AskedCheck, CheckState, check_id_for, check_question
from output_review.disclosure.history_numbers import StatedFile
from output_review.permissions import PLATFORM, may_hand_in
from output_review.ports import ReviewWork
from output_review.use_cases.standing import facts_of

HOUR = timedelta(hours=1)


def ask(
    work: ReviewWork,
    person: Person,
    project: str,
    asked_id: str,
    files: tuple[tuple[str, bytes], ...],
    remedy: str,
    per_hour: int,
) -> AskedCheck:
    """The question, kept until it is answered.

    Raises:
        DeniedError: the person may not hand in for the project. InvalidInputError: unfit files.
        ConflictError: too many questions in the last hour, or the id was used for another one.
    """
    permit = require(may_hand_in(person, project, facts_of(work, person.username, project)))
    check_question(asked_id, files)
    author = permit.person.username
    check_id = check_id_for(author, project, asked_id)
    known = work.checks.find(check_id)
    if known is not None:
        if known.state is CheckState.ASKED and (known.files, known.remedy) != (files, remedy):
            raise ConflictError("check_changed", say("This check was asked with other files. Ask anew."))
        return known
    if work.checks.asked_since(author, work.now - HOUR) >= per_hour:
        raise ConflictError(
            "checks_spent",
            say("You asked for {limit} checks within an hour. Wait, or hand the files in.", limit=per_hour),
        )
    asked = AskedCheck(check_id, project, author, work.now, files, remedy)
    work.checks.put(asked)
    uploads: list[Value] = [
        {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)} for _, content in files
    ]
    work.record(
        EventDraft(
            Kind.CHECK_ASKED,
            person=author,
            project=project,
            subject=check_id,
            facts={"files": uploads, "remedy": remedy},
            body={"names": [name for name, _ in files]},
        )
    )
    return asked


def answer_to(work: ReviewWork, person: Person, project: str, asked_id: str) -> AskedCheck:
    """The question with its answer, if there is one yet.

    Raises:
        NotFoundError: this person asked no such question in this project.
    """
    check = work.checks.find(check_id_for(person.username, project, asked_id))
    if check is None or (check.author, check.project) != (person.username, project):
        raise NotFoundError("no_check", say("There is no such check. Ask again."))
    return check


def store_answer(
    work: ReviewWork,
    read: AskedCheck,
    answer: Answer,
    policy_digest: str,
    stated: Sequence[StatedFile] = (),
    version: str = "",
) -> AskedCheck:
    """The answered question, recorded; its files are kept no longer.

    Raises:
        ConflictError: it was answered meanwhile.
    """
    check = work.checks.find(read.id)
    if check is None or check.state is not CheckState.ASKED:
        raise ConflictError("stale", say("This check was answered meanwhile."))
    answered = replace(check, files=(), state=CheckState.ANSWERED, answer=answer)
    work.checks.put(answered)
    if stated:
        work.numbers.put_asked(f"c-{check.id}", check.project, version, stated, work.now)
    report = answer.report
    found = {f.rule for file in report.files for f in file.findings} if report else set[str]()
    rules: list[Value] = [*sorted(found)]
    facts: dict[str, Value] = {
        "policy": policy_digest,
        "verdict": report.verdict.value if report else "",
        "rules": rules,
        "code": answer.code,
    }
    work.record(
        EventDraft(
            Kind.CHECK_ANSWERED,
            person=PLATFORM.username,
            project=check.project,
            subject=check.id,
            facts=facts,
        )
    )
    return answered
