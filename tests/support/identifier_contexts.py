"""The contexts in which an identifier stands, and whether the recognisers cover it there.

``spaced`` has blanks around the value, ``abutting`` kana or kanji at both ends, ``colon`` a label, ``full_width``
everything wide, ``url``, ``json`` and ``csv`` are what systems write. A value is covered when four fifths of its
letters and digits lie in findings of any kind.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from catalog.adapters.dictionaries import read_dictionaries
from catalog.identifiers.recognise import recognise
from output_review.disclosure.examined import examine
from output_review.disclosure.identifier_rules import check_identifiers
from output_review.disclosure.submissions import FileKind, SubmittedFile
from tests.support.identifier_numbers import KEYS, KINDS, LABELS

SPACED = (
    "{label}は {value} です。",
    "{label} {value} を確認した。",
    "患者の{label} は {value} であった。",
    "({label} {value} )",
    "{label} = {value} とする",
)
ABUTTING = (
    "{label}は{value}です。",
    "{label}{value}を確認。",
    "本人の{label}が{value}であることを確認した",
    "なお{label}は{value}と記載。",
    "{label}「{value}」の方",
)
COLON = (
    "{label}：{value}",
    "{label}: {value}",
    "・{label}：{value}、性別：男",
    "【{label}】{value}",
    "{label}:{value}\n年齢:70",
)
HELD_OUT = {
    "spaced": ("受付で {label} として {value} を聴取", "- {label} {value}", "{label}（ {value} ）に変更"),
    "abutting": (
        "紹介状に{label}{value}とあり照会中",
        "当該者の{label}({value})について",
        "{label}で検索すると{value}が該当した",
    ),
    "colon": ("◆{label} ： {value} ◆", "| {label} | {value} |", "{label}　：　{value}　他"),
}
TEMPLATES = {"spaced": SPACED, "abutting": ABUTTING, "colon": COLON}
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}


@dataclass(frozen=True, slots=True)
class Placed:
    """One value in one context: the text or file, and where the value stands in it."""

    kind: str
    context: str
    text: str
    value: str
    file: FileKind | None = None


def placed(rng: random.Random, each: int, *, held_out: bool = False) -> Iterator[Placed]:
    """``each`` random values for every kind in every context."""
    templates = HELD_OUT if held_out else TEMPLATES
    for kind, make in KINDS.items():
        for _ in range(each):
            for context, choices in templates.items():
                value, label = make(rng), rng.choice(LABELS[kind])
                yield Placed(kind, context, rng.choice(choices).format(label=label, value=value), value)
            value, label = make(rng).translate(_WIDE), rng.choice(LABELS[kind])
            yield Placed(
                kind, "full_width", rng.choice(templates["abutting"]).format(label=label, value=value), value
            )
            yield from _systems(rng, kind, make(rng), rng.choice(KEYS[kind]))


def _systems(rng: random.Random, kind: str, value: str, key: str) -> Iterator[Placed]:
    url = f"https://emr.example.jp/view?{quote(key)}={quote(value, safe='@')}&tab={rng.randint(1, 9)}"
    if quote(value, safe="@") == value:
        yield Placed(kind, "url", f"参照先 {url} を開く", value)
    record = {"seq": rng.randint(1, 99), key: value, "sex": "F"}
    yield Placed(
        kind,
        "json",
        json.dumps([record, {**record, "sex": "M"}], ensure_ascii=False, indent=2),
        value,
        FileKind.JSON,
    )
    row = f"{rng.randint(20, 99)},{value},F"
    yield Placed(kind, "csv", f"年齢,{key},性別\n{row}\n", value, FileKind.CSV)


def is_covered(case: Placed) -> bool:
    """Whether findings cover four fifths of the value; in a file, whether its cell or characters are named."""
    start = case.text.index(case.value)
    wanted = {start + place for place, character in enumerate(case.value) if character.isalnum()}
    if case.file is None:
        hits = recognise(case.text, dictionaries=read_dictionaries())
        seen = {place for hit in hits for place in range(hit.offset, hit.end)}
        return len(wanted & seen) >= 0.8 * len(wanted)
    examined = examine(SubmittedFile("result", case.file, case.text))
    found = [f.where for f in check_identifiers(examined, read_dictionaries())]
    if case.file is FileKind.CSV:
        return any(where.row == 2 and where.column not in (None, "年齢", "性別") for where in found)
    return any(
        where.offset is not None
        and len(wanted & set(range(where.offset, where.offset + (where.length or 0)))) >= 0.8 * len(wanted)
        for where in found
    )
