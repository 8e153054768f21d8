"""Identifiers that are no UUIDs, as they were given, and the byte strings people hash of each."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from catalog.identifiers.digest_table import DigestTable, Places
from catalog.identifiers.written_forms import compact, fold

_FORMS = 10


@dataclass(frozen=True, slots=True)
class Spelled:
    """Identifiers in order, each once; their digests are made when first asked for."""

    names: tuple[str, ...] = field(default=(), repr=False)
    digests: dict[str, DigestTable] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, names: Iterable[str]) -> "Spelled":
        """Blank ones are left out."""
        return cls(tuple(sorted({name.strip() for name in names} - {""})))

    def __len__(self) -> int:
        return len(self.names)

    @property
    def forms(self) -> int:
        """How many byte strings people hash of one identifier."""
        return _FORMS

    def written(self, first: int, stop: int) -> Iterable[bytes]:
        """The byte strings people hash of the identifiers from ``first`` on."""
        for name in self.names[first:stop]:
            yield from _hashed_forms(name)

    def forms_of(self, numbers: Places, forms: Places) -> Iterable[bytes]:
        """Of each of these identifiers one byte string."""
        chosen = zip(numbers.tolist(), forms.tolist(), strict=True)
        return [_hashed_forms(self.names[number])[form] for number, form in chosen]

    def digests_of(self, name: str) -> DigestTable:
        """Every digest of this name; made once."""
        if name not in self.digests:
            self.digests[name] = DigestTable.of(name, self)
        return self.digests[name]


def _hashed_forms(name: str) -> tuple[bytes, ...]:
    """As given, in capitals and in small letters, and without separators; each with and without a line end."""
    bare = compact(fold(name)).text
    forms = [
        form.encode("utf-8", "surrogatepass")
        for form in (name, name.upper(), name.lower(), bare, bare.upper())
    ]
    return (*forms, *(form + b"\n" for form in forms))
