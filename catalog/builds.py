"""One build of an extract: its number, where it stands, and the keys it is given."""

from dataclasses import dataclass

from enclave.data_keys import FIRST


@dataclass(frozen=True, slots=True)
class Keys:
    """The two keys of a build. They stand in no manifest, event or error."""

    pseudonym: bytes
    data: bytes
    data_name: str = FIRST
    """What the data key is called in the keyring; the one part of this that a manifest says."""

    def __repr__(self) -> str:
        return "Keys(…)"


@dataclass(frozen=True, slots=True)
class Build:
    """One build of a project's extract, as the database knows it."""

    project: str
    number: int
    state: str
    """``intended``, ``done`` or ``undone``."""
    person: str

    @property
    def version(self) -> str:
        return f"v{self.number}"
