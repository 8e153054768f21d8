"""Notes in Japanese about the invented people, and a list of every identifier that stands in them.

One note at every tenth visit, of six kinds, some 420 characters long and never longer than
12,000. Three notes of ten name somebody; for each thousand identifiers there are two thousand
numbers of other kinds that must not be taken for one. Both are told with their exact place.
"""

import re

import numpy as np

from catalog.hospital.coded import Coded, TableData, listed, same
from catalog.hospital.course import Course
from catalog.hospital.dice import Dice
from catalog.hospital.identifier_values import KINDS, NEAR_MISSES, NONE, Scene
from catalog.hospital.note_words import CLINICAL, MISSING, NAMING, NOTES, OPENINGS
from catalog.hospital.planting import Planted
from catalog.hospital.written_variants import PLAIN, vary

LONGEST = 12_000
_EVERY, _NAME_SOMEBODY = 10, 0.30
_MISSES_EACH = 2
"""Near misses for each identifier."""
_MOST_MISSES = 12
_NAMED_SENTENCES = 4
_MEDIAN, _SPREAD = 296, 1.95
_OPENINGS = tuple(re.split(r"\{(\w+)\}", sentence) for sentence in OPENINGS)
_NAMING = tuple(re.split(r"\{(\w+)\}", sentence) for sentence in NAMING)


class _Note:
    """A text as it grows, and what was planted in it."""

    def __init__(self, key: int) -> None:
        self._key = key
        self._pieces: list[str] = []
        self.length = 0
        self.planted: list[Planted] = []

    def say(self, text: str) -> None:
        self._pieces.append(text)
        self.length += len(text)

    def plant(self, value: str, kind: str, variant: str, check: str, *, match: bool) -> None:
        start, end = self.length, self.length + len(value)
        self.say(value)
        self.planted.append(
            Planted(
                "document", "document_key", self._key, "text", start, end, value, kind, variant, check, match
            )
        )

    def name(self, sentence: list[str], scene: Scene) -> None:
        """A sentence split at its slots: every second piece is a kind."""
        for place, piece in enumerate(sentence):
            if place % 2 == 0:
                self.say(piece)
                continue
            kind = KINDS[piece]
            made = kind.value(scene)
            value, check = made if isinstance(made, tuple) else (made, NONE)
            written, variant = vary(kind.shape, value, scene.dice)
            self.plant(written, piece, variant, check, match=True)

    def miss(self, dice: Dice) -> None:
        """A sentence with a number that is no identifier."""
        kind = dice.one_of(tuple(NEAR_MISSES))
        before, _, after = MISSING[kind].partition("{}")
        self.say(before)
        self.plant(NEAR_MISSES[kind](dice), kind, PLAIN, NONE, match=False)
        self.say(after)

    @property
    def text(self) -> str:
        return "".join(self._pieces)


def documents(course: Course) -> tuple[TableData, list[Planted]]:
    """The notes of a part, and everything planted in them."""
    visits = course.encounters
    fresh = course.part.stream("notes")
    chosen = np.arange(
        int(fresh.integers(0, _EVERY)) if len(visits.keys) >= _EVERY else 0, len(visits.keys), _EVERY
    )
    kind = fresh.choice(len(NOTES), len(chosen), p=(0.4, 0.25, 0.08, 0.12, 0.05, 0.1))
    target = np.minimum(np.exp(fresh.normal(np.log(_MEDIAN), np.log(_SPREAD), len(chosen))), LONGEST - 400)
    named = fresh.random(len(chosen)) < _NAME_SOMEBODY
    keys = course.part.keys("document", len(chosen))
    dice = Dice(course.part.stream("words of notes"))
    texts: list[str] = []
    planted: list[Planted] = []
    owed = 0
    for key, visit, sort, length, naming in zip(
        keys.tolist(), chosen.tolist(), kind.tolist(), target.tolist(), named.tolist(), strict=True
    ):
        note = _Note(key)
        scene = Scene(course, int(visits.person[visit]), visit, dice)
        owed = _write(note, scene, sort, length, owed, naming=naming)
        texts.append(note.text)
        planted.extend(note.planted)
    return {
        "document_key": keys,
        "patient_key": course.people.keys[visits.person[chosen]],
        "ts": visits.at[chosen] + np.timedelta64(45, "m"),
        "kind": Coded(kind.astype(np.int8), tuple(code for code, _ in NOTES)),
        "section": Coded(kind.astype(np.int8), tuple(heading for _, heading in NOTES)),
        "text": listed(texts),
        "n_chars": np.array([len(text) for text in texts], dtype=np.int64),
        "status": same("quarantine", len(chosen)),
        "source_system": same("generated", len(chosen)),
    }, planted


def _write(note: _Note, scene: Scene, sort: int, length: float, owed: int, *, naming: bool) -> int:
    """Write one note; the near misses that are owed before it and after it."""
    dice, sentences = scene.dice, CLINICAL[sort]
    note.say(f"【{NOTES[sort][1]}】\n")
    left = 0
    if naming:
        note.name(_OPENINGS[sort], scene)
        note.say("\n")
        left = 1 + dice.below(_NAMED_SENTENCES)
    misses = min(owed, dice.below(_MOST_MISSES + 1))
    while note.length < length or left or misses:
        turn = dice.below(6)
        if left and (turn == 0 or note.length >= length):
            note.name(_NAMING[dice.below(len(_NAMING))], scene)
            left -= 1
        elif misses and (turn == 1 or note.length >= length):
            note.miss(dice)
            misses -= 1
            owed -= 1
        else:
            note.say(dice.one_of(sentences))
        if turn == 2:
            note.say("\n")
    return owed + _MISSES_EACH * sum(one.match for one in note.planted)
