"""What may be asked about the source's own identifiers, in which words, and how much of it: pure.

1. A question is one line of JSON (project, number of forms, bytes) and then the forms, one a line. The
   answer is one line of JSON and then one byte a form: its kind, or 0. Its length depends on the number of
   forms alone. A refusal is one line with its code.
2. Only the worker is answered, by the uid that the kernel reports. There is no other question.
3. Every form counts against the project's day and the day of all projects; what is above is refused whole.
   So a worker that somebody took over learns at most so much a day, and it is on record how much.
4. The numbers are the board's, with their sources; a deployment may lower them, never raise them.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog.identifiers.own_forms import MOST_LETTERS
from enclave.errors import ConflictError, DeniedError, EnclaveError, InvalidInputError, UnavailableError
from enclave.identity import check_project_id
from enclave.sentences import Sentence, say

DOCUMENT = "own_identifiers"
HEADER_MAX = 512
FORMS_MAX = 20_000
"""Forms of one question."""
BYTES_MAX = 4 * 1024 * 1024
FORM_BYTES_MAX = 4 * MOST_LETTERS + 256
_BETWEEN = {
    "questions.per_project_day": (1, 5_000_000),
    "questions.per_day": (1, 20_000_000),
    "author.moment_seconds": (1, 60),
    "author.own_box_seconds": (1, 600),
}
"""The least and the most that each number may be."""


@dataclass(frozen=True, slots=True)
class OwnRules:
    """The board's numbers about the source's own identifiers."""

    per_project_day: int
    """Forms that may be asked about for one project on one day (UTC)."""
    per_day: int
    """Forms that may be asked about on one day."""
    moment_seconds: int
    """The outcome of a request's checks is told at whole multiples of this after its author confirmed it."""
    own_box_seconds: int
    """Asking about one request takes this long, or a multiple: whoever watches the machine learns no more."""


REFUSALS: Mapping[str, tuple[type[EnclaveError], Sentence]] = {
    "not_allowed": (DeniedError, say("This user may not ask about the source's own identifiers.")),
    "bad_question": (InvalidInputError, say("The question does not have the form that questions have.")),
    "no_set": (
        UnavailableError,
        say("The source's own identifiers are not there to be compared with. Ask the data steward."),
    ),
    "spent": (
        ConflictError,
        say("More was asked about the source's own identifiers today than the policy allows. Wait a day."),
    ),
    "failed": (
        UnavailableError,
        say("The source's own identifiers could not be compared with. Try again; then ask the operator."),
    ),
}


def refusal(code: str) -> EnclaveError:
    """The error of a code; one that nobody knows is a failure."""
    known = code if code in REFUSALS else "failed"
    kind, sentence = REFUSALS[known]
    return kind(f"own_{known}", sentence)


@dataclass(frozen=True, slots=True)
class Question:
    """The first line of a question: for which project, how many forms, in how many bytes."""

    project: str
    forms: int
    size: int


def write_question(project: str, forms: Sequence[str]) -> bytes:
    """The whole question.

    Raises:
        ValueError: too many forms, or one that is no form.
    """
    body = "\n".join(forms).encode()
    if not 1 <= len(forms) <= FORMS_MAX or len(body) > BYTES_MAX or body.count(b"\n") != len(forms) - 1:
        raise ValueError("more than one question, or not forms")
    header = {"project": project, "forms": len(forms), "bytes": len(body)}
    return json.dumps(header).encode() + b"\n" + body


def read_header(line: bytes) -> Question:
    """The first line as it was understood.

    Raises:
        InvalidInputError: it is not one.
    """
    try:
        if len(line) > HEADER_MAX or not line.endswith(b"\n"):
            raise ValueError("too long")
        document = json.loads(line)
        if not isinstance(document, dict) or set(document) != {"project", "forms", "bytes"}:
            raise ValueError("other words")
        forms, size = document["forms"], document["bytes"]
        if type(forms) is not int or type(size) is not int:
            raise ValueError("no numbers")
        if not 1 <= forms <= FORMS_MAX or not 1 <= size <= BYTES_MAX:
            raise ValueError("too much")
        return Question(check_project_id(document["project"]), forms, size)
    except (ValueError, TypeError, RecursionError, EnclaveError) as error:
        raise refusal("bad_question") from error


def read_forms(question: Question, body: bytes) -> list[str]:
    """The forms of a question.

    Raises:
        InvalidInputError: not as many as were announced, or not forms.
    """
    try:
        forms = body.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise refusal("bad_question") from error
    fits = all(form and len(form.encode()) <= FORM_BYTES_MAX for form in forms)
    if len(body) != question.size or len(forms) != question.forms or not fits:
        raise refusal("bad_question")
    return forms


def write_answer(set_id: str, kinds: bytes) -> bytes:
    """What the set says, as it travels."""
    return json.dumps({"set": set_id, "forms": len(kinds)}).encode() + b"\n" + kinds


def write_refusal(code: str) -> bytes:
    """The code of a refusal as one line."""
    return json.dumps({"refused": code}).encode() + b"\n"


def read_answer_header(line: bytes, forms: int) -> str:
    """The id of the set that answers.

    Raises:
        EnclaveError: the refusal; an answer that cannot be understood is a failure.
    """
    try:
        document = json.loads(line)
        if "refused" in document:
            raise refusal(str(document["refused"]))
        if document["forms"] != forms or not re.fullmatch(r"[0-9a-f]{16}", document["set"]):
            raise ValueError("another answer")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise refusal("failed") from error
    return str(document["set"])


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked on one day so far."""

    day: str
    total: int = 0
    by_project: Mapping[str, int] | None = None

    def of(self, project: str) -> int:
        """Forms of this project."""
        return (self.by_project or {}).get(project, 0)


def charge(asked: Asked, day: str, question: Question, rules: OwnRules) -> Asked:
    """The day's account with this question on it; a new day begins with nothing.

    Raises:
        ConflictError: it would be more than the policy allows.
    """
    if asked.day != day:
        asked = Asked(day)
    total, mine = asked.total + question.forms, asked.of(question.project) + question.forms
    if total > rules.per_day or mine > rules.per_project_day:
        raise refusal("spent")
    return Asked(day, total, {**(asked.by_project or {}), question.project: mine})


def parse_own_rules(document: Mapping[str, object]) -> OwnRules:
    """The rules of the policy document ``own_identifiers``.

    Raises:
        InvalidInputError: a setting is missing, unknown, without a source, or above its ceiling.
    """
    given: dict[str, object] = {}
    for section, entries in document.items():
        if not isinstance(entries, Mapping):
            raise _refused(str(section))
        given |= {f"{section}.{name}": entry for name, entry in entries.items()}
    for setting in sorted(set(given) ^ set(_BETWEEN)):
        raise _refused(setting)
    return OwnRules(*(_number(setting, given[setting]) for setting in _BETWEEN))


def _number(setting: str, entry: object) -> int:
    value = entry.get("value") if isinstance(entry, Mapping) and set(entry) == {"value", "source"} else None
    source = entry.get("source") if isinstance(entry, Mapping) else None
    least, most = _BETWEEN[setting]
    if (
        type(value) is not int
        or not least <= value <= most
        or not isinstance(source, str)
        or not source.strip()
    ):
        raise _refused(setting)
    return value


def _refused(setting: str) -> InvalidInputError:
    return InvalidInputError(
        "policy_refused",
        say(
            "The policy 'own_identifiers' holds exactly the known settings, each with its source and within its limits; look at {setting}.",
            setting=setting,
        ),
    )
