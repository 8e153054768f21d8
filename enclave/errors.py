"""The six ways the platform says no.

Every error carries a stable ``code`` for machines and a ``Sentence`` for people, which
exists in Japanese and English and never contains a value read from a dataset. The web
edge and the command line map the class, and nothing else, to a status or an exit code.
"""

from enclave.sentences import Sentence


class EnclaveError(Exception):
    """Root of every error raised on purpose: a stable code and a sentence for people."""

    def __init__(self, code: str, sentence: Sentence) -> None:
        super().__init__(sentence.en)
        self.code = code
        self.sentence = sentence


class DeniedError(EnclaveError):
    """The person may not do this; ``code`` says which rule refused."""


class NotFoundError(EnclaveError):
    """No such thing, or none that this person may know about."""


class ConflictError(EnclaveError):
    """The thing changed since it was read, or the act was already done."""


class InvalidInputError(EnclaveError):
    """The request or the file cannot be understood; the sentence says where."""


class TamperedError(EnclaveError):
    """Stored bytes do not match their digest, chain or signature."""


class UnavailableError(EnclaveError):
    """A part that must answer did not; nothing was done, and trying again is safe."""
