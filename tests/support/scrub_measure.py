"""What the scrubber leaves of what a generated hospital planted in its notes, by kind.

``python -m tests.support.scrub_measure PATIENTS SEED`` prints the table of docs/catalog/scrubbing.md. An identifier
counts as removed when its written value stands nowhere in what may leave; of a quarantined note nothing leaves,
so notes are counted, too. A near miss counts as kept when its value still stands there.
"""

import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from catalog.adapters.japan_post import read_gazetteer
from catalog.adapters.sudachi_words import SudachiWords
from catalog.hospital.coded import Coded, TableData
from catalog.hospital.drugs import DRUGS
from catalog.hospital.planting import Planted
from catalog.hospital.scale import Scale
from catalog.hospital.tables import make_parts
from catalog.identifiers.known_codes import KnownCodes
from catalog.identifiers.own_forms import OwnKind, forms_of
from catalog.identifiers.own_set import OwnSetMaker
from catalog.identifiers.recognise import Dictionaries, recognise
from catalog.identifiers.scrubbing import Scrubber

KINDS = {
    "name_kanji": OwnKind.NAME,
    "name_kana": OwnKind.READING,
    "address": OwnKind.ADDRESS,
    "phone": OwnKind.PHONE,
    "email": OwnKind.EMAIL,
    "chart_no": OwnKind.CHART,
    "my_number": OwnKind.MY_NUMBER,
    "kouhi_no": OwnKind.PUBLIC,
}


@dataclass
class Measured:
    """Counts by kind, and of notes by what became of them."""

    planted: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    misses: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    left: list[Planted] = field(default_factory=list)

    def recall(self, kind: str | None = None) -> float:
        """Of all identifiers, or of one kind, the share that was removed."""
        if kind is None:
            return self.removed.total() / max(1, self.planted.total())
        return self.removed[kind] / max(1, self.planted[kind])


def measure(patients: int, seed: int) -> Measured:
    """The scrubber over every note of such a hospital."""
    planted: defaultdict[int, list[Planted]] = defaultdict(list)

    def plant(found: list[Planted]) -> None:
        for one in found:
            planted[one.key].append(one)

    maker = OwnSetMaker(b"k" * 32)
    names: dict[object, list[str]] = {}
    notes: list[tuple[object, object, object]] = []
    for tables in make_parts(Scale(patients, seed), plant):  # type: ignore[arg-type]
        if "patient_identity" in tables:
            names |= _people(tables["patient_identity"], maker)
        if "document" in tables:
            table = tables["document"]
            notes += list(
                zip(
                    _column(table, "document_key"),
                    _column(table, "patient_key"),
                    _column(table, "text"),
                    strict=True,
                )
            )
    words = SudachiWords()
    dictionaries = Dictionaries(words=words, places=read_gazetteer())
    own, codes = maker.made(), KnownCodes.of(code for drug in DRUGS for code in (drug.hot9, drug.yj))
    scrubber = Scrubber(lambda text: recognise(text, dictionaries=dictionaries), own.kinds_of, words, codes)
    found = Measured()
    for key, person, text in notes:
        _count(found, scrubber, str(text), names[person], planted[int(str(key))])
    return found


def _count(found: Measured, scrubber: Scrubber, text: str, names: list[str], planted: list[Planted]) -> None:
    done = scrubber.scrub(text, names)
    found.notes[done.status.value] += 1
    for one in planted:
        there = done.text is not None and one.value in done.text
        if one.match:
            found.planted[one.kind] += 1
            found.removed[one.kind] += not there
            if there:
                found.left.append(one)
        elif done.text is not None:
            found.misses[one.kind] += 1
            found.kept[one.kind] += there


def _people(table: TableData, maker: OwnSetMaker) -> dict[object, list[str]]:
    for column, kind in KINDS.items():
        values = [str(value) for value in _column(table, column) if value]
        maker.add(kind, [form for value in values for form in forms_of(kind, value)])
    insured = zip(_column(table, "insured_symbol"), _column(table, "insured_no"), strict=True)
    maker.add(
        OwnKind.INSURED, [f for pair in insured for f in forms_of(OwnKind.INSURED, " ".join(map(str, pair)))]
    )
    keys, kanji, kana = (_column(table, name) for name in ("patient_key", "name_kanji", "name_kana"))
    return {key: [str(one), str(other)] for key, one, other in zip(keys, kanji, kana, strict=True)}


def _column(table: TableData, name: str) -> list[object]:
    data = table[name]
    return [data.listed[code] for code in data.codes] if isinstance(data, Coded) else list(data)


def main(patients: int, seed: int) -> None:
    """Print the table."""
    found = measure(patients, seed)
    sys.stdout.write(
        f"{sum(found.notes.values())} notes: {dict(found.notes)}\n\n| kind | planted | removed |\n|---|---|---|\n"
    )
    for kind in sorted(found.planted):
        sys.stdout.write(f"| `{kind}` | {found.planted[kind]:,} | {100 * found.recall(kind):.1f} % |\n")
    sys.stdout.write(f"| all | {found.planted.total():,} | {100 * found.recall():.2f} % |\n\n")
    for kind in sorted(found.misses):
        sys.stdout.write(
            f"| `{kind}` | {found.misses[kind]:,} | {100 * found.kept[kind] / found.misses[kind]:.1f} % |\n"
        )
    ways = Counter((one.kind, one.variant) for one in found.left)
    sys.stdout.write(f"\nleft: {ways.most_common(12)}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
