"""Sentences with a name in them, in every written form and every style, and where the name stands.

``sentences(half, rounds)`` gives the same sentences every time: names and templates are walked through in
steps, so that each form meets each template.
"""

import itertools
import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tests.support import identifier_names as known
from tests.support import identifier_names_held_out as unseen
from tests.support import identifier_scenes as scenes
from tests.support.identifier_latin import romaji
from tests.support.identifier_templates import DEVELOPMENT
from tests.support.identifier_templates_held_out import TEMPLATES

HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
VARIANTS = str.maketrans("高崎辺斎浜吉島沢国広真恵桜", "髙﨑邉齋濱𠮷嶋澤國廣眞惠櫻")
OLD_GLYPHS = str.maketrans("瀬緑弥栄沢浜内関実竜寿来広恵", "瀨綠彌榮澤濱內關實龍壽來廣惠")
CYRILLIC = str.maketrans("aeoTKMHAOC", "аеоТКМНАОС")
KANJI_FOR_KANA = str.maketrans("カロトタハミチエ", "力口卜夕八三千工")
TITLES = ("さん", "様", "氏", "先生", "さま", "殿", "医師")


class Person(NamedTuple):
    """Family and given name in kanji and in katakana."""

    family: str
    given: str
    family_kana: str
    given_kana: str


class Sentence(NamedTuple):
    """A text, where the name stands in it, and how and where it was written."""

    text: str
    start: int
    end: int
    form: str
    style: str


def _half_width(kana: str) -> str:
    table = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF66, 0xFF9E)}
    return "".join(
        "".join(
            {"\u3099": "ﾞ", "\u309a": "ﾟ"}.get(part, table.get(part, part))
            for part in unicodedata.normalize("NFD", letter)
        )
        for letter in kana
    )


def _macron(word: str) -> str:
    return word.replace("ou", "ō").replace("oo", "ō").replace("uu", "ū")


def _latin(person: Person) -> tuple[str, str]:
    return romaji(person.family_kana).capitalize(), romaji(person.given_kana).capitalize()


FORMS: dict[str, Callable[[Person, int], str]] = {
    "kanji": lambda p, _: p.family + p.given,
    "kanji_spaced": lambda p, n: p.family + (" ", "　")[n % 2] + p.given,
    "family_title": lambda p, n: p.family + TITLES[n % len(TITLES)],
    "full_title": lambda p, n: p.family + p.given + TITLES[n % len(TITLES)],
    "given_title": lambda p, n: p.given + ("さん", "ちゃん", "くん", "様")[n % 4],
    "hiragana": lambda p, _: (p.family_kana + p.given_kana).translate(HIRAGANA),
    "hiragana_spaced": lambda p, n: (p.family_kana + " 　"[n % 2] + p.given_kana).translate(HIRAGANA),
    "hiragana_title": lambda p, n: p.family_kana.translate(HIRAGANA) + ("さん", "様", "先生")[n % 3],
    "katakana": lambda p, _: p.family_kana + p.given_kana,
    "katakana_spaced": lambda p, n: p.family_kana + " 　"[n % 2] + p.given_kana,
    "half_katakana": lambda p, n: _half_width(p.family_kana + ("", " ")[n % 2] + p.given_kana),
    "romaji_given_first": lambda p, _: " ".join(reversed(_latin(p))),
    "romaji_family_first": lambda p, _: " ".join(_latin(p)),
    "romaji_capitals": lambda p, n: " ".join(_latin(p) if n % 2 else reversed(_latin(p))).upper(),
    "romaji_half_capitals": lambda p, _: f"{_latin(p)[0].upper()} {_latin(p)[1]}",
    "romaji_comma": lambda p, _: ", ".join(_latin(p)),
    "romaji_macron": lambda p, n: " ".join(map(_macron, _latin(p) if n % 2 else reversed(_latin(p)))),
    "romaji_small": lambda p, n: "_ ."[n % 3].join(_latin(p)).lower(),
    "mixed_kana": lambda p, n: p.family + p.given_kana.translate(HIRAGANA if n % 2 else {}),
    "variant_glyphs": lambda p, _: (p.family + p.given).translate(VARIANTS),
    "old_glyphs": lambda p, _: (p.family + p.given).translate(OLD_GLYPHS),
    "look_alike_latin": lambda p, n: " ".join(_latin(p) if n % 2 else reversed(_latin(p))).translate(CYRILLIC),
    "look_alike_kana": lambda p, _: f"{p.family_kana} {p.given_kana}".translate(KANJI_FOR_KANA),
    "caret": lambda p, _: "^".join(_latin(p)).upper(),
    "zero_width": lambda p, n: "\u200b\u2060\u200d"[n % 3].join(p.family + p.given),
    "one_each": lambda p, n: " 　"[n % 2].join(p.family + p.given),
    "backwards": lambda p, _: (p.family + p.given)[::-1],
    "full_width_latin": lambda p, _: " ".join(_latin(p)).translate({c: c + 0xFEE0 for c in range(0x21, 0x7F)}),
    "initials": lambda p, n: (
        ("{1}.{0}., 72M", "{0}.{1}. 72歳男性", "{0}.{1}.氏", "患者{0}.{1}.")[n % 4].format(
            _latin(p)[0][0], _latin(p)[1][0]
        )
    ),
}  # fmt: skip


def _others(half: int) -> dict[str, tuple[str, ...]]:
    """Names that are written in one way only, by form."""
    names = (known, unseen)[half]
    return {
        "abroad_katakana": names.ABROAD_KATAKANA,
        "abroad_latin": names.ABROAD_LATIN,
        "abroad_latin_capitals": tuple(name.upper() for name in names.ABROAD_LATIN),
        "abroad_kanji": names.ABROAD_KANJI,
        "abroad_kanji_spaced": tuple(f"{name[0]}　{name[1:]}" for name in names.ABROAD_KANJI),
        "abroad_simplified": names.ABROAD_SIMPLIFIED,
        "hangul": names.HANGUL,
        "korean_latin": names.KOREAN_LATIN,
        "dotted_marriage": tuple(
            f"{family}・{name.split('・')[-1]}・{given}"
            for (family, _), name, (given, _) in zip(
                names.FAMILY, names.ABROAD_KATAKANA, names.GIVEN, strict=False
            )
        ),
        "abroad_title": tuple(f"{name.split('・')[-1]}さん" for name in names.ABROAD_KATAKANA),
        "hiragana_given": tuple(
            family + given
            for (family, _), given in zip(names.FAMILY[::5], names.HIRAGANA_GIVEN, strict=False)
        ),
    }


_STEPS = (7, 11)


def people(half: int) -> Iterator[Person]:
    """Endless people of one half (0: development, 1: held out)."""
    families, givens = (known, unseen)[half].FAMILY, (known, unseen)[half].GIVEN
    for number in itertools.count():
        (family, family_kana), (given, given_kana) = (
            families[number * _STEPS[0] % len(families)],
            givens[number * _STEPS[1] % len(givens)],
        )
        yield Person(family, given, family_kana, given_kana)


def sentences(half: int, each: int) -> Iterator[Sentence]:
    """``each`` sentences for every form and style."""
    templates = {**(DEVELOPMENT, TEMPLATES)[half], **(scenes.DEVELOPMENT, scenes.HELD_OUT)[half]}
    crowd = people(half)
    for style, listed in templates.items():
        for form, write in FORMS.items():
            for number in range(each):
                written = write(next(crowd), number)
                yield _sentence(listed[number % len(listed)], written, form, style)
        for form, names in _others(half).items():
            for number in range(each):
                yield _sentence(listed[number % len(listed)], names[number * 5 % len(names)], form, style)

    for number in range(each * len(scenes.IN_CELLS)):
        person, (template, joint) = next(crowd), scenes.IN_CELLS[number % len(scenes.IN_CELLS)]
        letters = person.family_kana + person.given_kana if number % 3 else person.family + person.given
        yield _sentence(template, joint.join(letters), "one_a_cell", "cells")
    for number in range(each * len(scenes.HEADED_INITIALS)):
        family, given = _latin(next(crowd))
        written = (f"{family[0]}.{given[0]}.", f"{given[0]}・{family[0]}", f"{given[0]}.{family[0]}")[
            number % 3
        ]
        template = scenes.HEADED_INITIALS[number % len(scenes.HEADED_INITIALS)]
        yield _sentence(template, written, "headed_initials", "cells")


def _sentence(template: str, written: str, form: str, style: str) -> Sentence:
    before, _, after = template.partition("{n}")
    before, after = (part.replace("{{", "{").replace("}}", "}") for part in (before, after))
    return Sentence(before + written + after, len(before), len(before) + len(written), form, style)
