"""The way to the matcher in the producer's zone: one connection for each question, over its socket.

A matcher that does not answer is an ``UnavailableError``, every refusal is the error it was there. What is
asked are forms; what comes back is one byte for each.
"""

import socket
from collections.abc import Sequence
from pathlib import Path

from catalog.identifiers.own_forms import OwnKind
from catalog.identifiers.own_set import NOT_OURS
from catalog.own_questions import HEADER_MAX, read_answer_header, refusal, write_question
from output_review.ports import OwnAnswer

SECONDS = 30.0


class MatcherClient:
    """The ``OwnMatcher`` port."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def kinds_of(self, project: str, forms: Sequence[str]) -> OwnAnswer:
        if not forms:
            raise refusal("bad_question")
        try:
            set_id, kinds = self._exchange(write_question(project, forms), len(forms))
        except (OSError, ValueError) as error:
            raise refusal("failed") from error
        if len(kinds) != len(forms) or not set(kinds) <= {NOT_OURS, *OwnKind}:
            raise refusal("failed")
        found = ((form, kind) for form, kind in zip(forms, kinds, strict=True) if kind != NOT_OURS)
        return OwnAnswer(set_id, {form: OwnKind(kind) for form, kind in found})

    def _exchange(self, question: bytes, forms: int) -> tuple[str, bytes]:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(SECONDS)
            connection.connect(str(self._path))
            connection.sendall(question)
            with connection.makefile("rb") as answers:
                # A refusal has no bytes behind it: it raises here, before any are waited for.
                set_id = read_answer_header(answers.readline(HEADER_MAX), forms)
                return set_id, answers.read(forms)
