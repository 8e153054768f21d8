"""The worker answers what authors ask before they hand in.

1. The way is that of a request: a sealed reader makes canonical bytes, and these are checked.
2. Only the rules for authors run, on a history without other projects: no finding, no remedy and no time
   rests on what the author must not learn.
3. While the policy files are not the adopted ones nothing is answered. A file that cannot be read, or
   whatever else goes wrong, is an answer that says so: it is never a pass.
"""

import logging

from sqlalchemy.exc import SQLAlchemyError

from enclave.errors import ConflictError, UnavailableError
from enclave.sentences import say
from output_review.asked_checks import Answer, AskedCheck
from output_review.disclosure.findings import Verdict
from output_review.disclosure.history_numbers import StatedFile
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from output_review.ports import ReadFile
from output_review.readings.refusals import FAILED
from output_review.requests import leaving_names
from output_review.use_cases.ask import store_answer
from output_review.worker_house import (
    WorkerDeps,
    kind_to_examine,
    mended_by,
    past_of,
    policies_in_force,
    with_people,
)

log = logging.getLogger("hanare.worker")
_FAILED = say("The check could not be made. Hand the files in, or ask the operator.")


def answer_checks(deps: WorkerDeps, adopted: str) -> int:
    """Every waiting question is answered; how many were."""
    with deps.works.read() as work:
        waiting = work.checks.waiting()
    return sum(_guarded(deps, check, adopted) for check in waiting)


def _guarded(deps: WorkerDeps, check: AskedCheck, adopted: str) -> bool:
    deps.beat()
    policies = policies_in_force(deps, adopted)
    if policies is None:
        return False
    stated: tuple[StatedFile, ...] = ()
    version = ""
    try:
        read = _read(deps, check)
        if isinstance(read, Answer):
            answer = read
        else:
            past = past_of(deps, check.project, f"c-{check.id}", for_author=True)
            checker = deps.checker_for(policies)
            stated, version = checker.stated(read), past.history.version
            read = with_people(deps, check.project, read)
            report = checker.check_for_author(check.project, read, past.earlier, past.history)
            stops = report.verdict is Verdict.FIX
            remedies = mended_by(checker, check.project, read, past) if stops else ()
            answer = Answer(report, remedies)
    except (UnavailableError, SQLAlchemyError) as error:
        log.info("a check waits: %s", type(error).__name__)
        return False
    except Exception as error:  # noqa: BLE001  whatever went wrong, the author is told that there is no verdict
        log.warning("a check failed: %s", type(error).__name__)
        answer = Answer(None, code="check_failed", reason=_FAILED)
    try:
        with deps.works.begin() as work:
            store_answer(work, check, answer, policies.digest, stated, version)
    except (ConflictError, SQLAlchemyError):
        return False
    return True


def _read(deps: WorkerDeps, check: AskedCheck) -> Submission | Answer:
    """The canonical files, or the answer that says which of them cannot be read."""
    files: list[SubmittedFile] = []
    for index, (name, content) in enumerate(check.files):
        deps.beat()
        read = deps.reader.read(f"{check.id}-{index}", name, content)
        if not read.admitted:
            reason = read.reason or FAILED
            return Answer(
                None,
                code=read.code or "reader_failed",
                reason=say("File {n}: {reason}", n=index + 1, reason=reason),
            )
        names = leaving_names(name, [one.suffix for one in read.files])
        files += [_as_examined(one, leaving, name) for one, leaving in zip(read.files, names, strict=True)]
    return Submission(check.id, tuple(files))


def _as_examined(read: ReadFile, name: str, sent: str) -> SubmittedFile:
    kind = kind_to_examine(read.form.kind, name)
    return SubmittedFile(
        name,
        kind,
        "" if kind is FileKind.PICTURE else read.content.decode("utf-8"),
        found=read.found,
        dropped=read.form.dropped,
        signs=read.form.signs,
        facts=read.form.facts,
        upload="" if name == sent else sent,
    )
