"""Pictures, figures, pages and data files to be broken: a seed for each, and edits that reach behind their checksums."""

import random
import struct
import zlib
from collections.abc import Callable

from tests.support import data_files as data
from tests.support import figure_files as figures
from tests.support import pdf_files as pdfs
from tests.support import picture_files as pictures

Way = Callable[[bytes, int], bytes]


def mutated_chunks(mutate: Way) -> Way:
    """A png with one chunk edited, its length and sum set right again; pixels also before they were packed."""

    def edited(seed: bytes, number: int) -> bytes:
        chance = random.Random(number)
        chunks = list(_chunks(seed))
        at = chance.randrange(len(chunks))
        kind, content = chunks[at]
        if kind == b"IDAT" and chance.random() < 0.7:
            content = zlib.compress(mutate(zlib.decompress(content), number))
        else:
            content = mutate(content, number)
        chunks[at] = (kind, content)
        return seed[:8] + b"".join(pictures.chunk(kind, content) for kind, content in chunks)

    return edited


def _chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    made, at = [], 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        made.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + length]))
        at += 12 + length
    return made


_NUMBERS = (
    b"0",
    b"-1",
    b"1e30",
    b"NaN",
    b"99999999999",
    b".",
    b"1e-9",
    b"",
    b"1 2 3",
    b"#x",
    b"url(#a)",
    b"none",
    b"&#1;",
)


def mutated_words(seed: bytes, number: int) -> bytes:
    """A text with one to four of its words or numbers exchanged, doubled or taken away."""
    chance = random.Random(number)
    words = seed.split(b" ")
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(words))
        match chance.randrange(4):
            case 0:
                words[at] = chance.choice(_NUMBERS)
            case 1:
                words[at] = words[chance.randrange(len(words))]
            case 2:
                words.insert(at, words[at])
            case _:
                words[at] = words[at].replace(b'"', chance.choice((b'"', b"'", b"")), 1) + chance.choice(
                    _NUMBERS
                )
    return b" ".join(words)


def figure_seeds(secret: str, mutate: Way) -> dict[str, tuple[str, bytes, tuple[Way, ...]]]:
    """For each format a name, a file with the secret hidden in it, and how it is broken."""
    drawing = figures.svg(
        f'<title>{secret}</title><style>.a {{ fill: red }}</style><clipPath id="c"><rect width="90" height="90"/></clipPath>'
        '<defs><path id="m" d="M 0 3 C 1 3 2 2 3 0 A 3 3 0 0 1 0 -3 z" style="stroke: #1f77b4"/></defs>'
        '<g clip-path="url(#c)" transform="translate( 3 4 ) scale( 1.5 )"><use xlink:href="#m" x="9" y="8"/>'
        '<circle class="a" cx="20" cy="30" r="4" stroke-dasharray="1 2" stroke="black" opacity=".5"/></g>'
        '<polyline points="1 2 3 4 9 7" stroke="rgb(0,0,9)" fill="none"/>' + figures.LINE
    )
    note = pdfs.built(
        pdfs.SHOWN + "q 1 0 0 1 9 9 cm 0 0 3 3 re f Q\n", change=pdfs.changed(Annots=pdfs.note(secret))
    )
    return {
        "png": ("t.png", pictures.hiding_pngs(secret)["tEXt"], (mutate, mutated_chunks(mutate))),
        "jpg": ("t.jpg", pictures.hiding_jpegs(secret)["exif"], (mutate,)),
        "svg": ("t.svg", drawing, (mutate, mutated_words)),
        "pdf": ("t.pdf", note, (mutate, mutated_words)),
        "pdf text": ("t.pdf", pdfs.hiding_pdfs(secret)["white in a form"], (mutate, mutated_words)),
        "parquet": ("t.parquet", data.hiding_parquets(secret)["metadata"], (mutate,)),
        "safetensors": (
            "m.safetensors",
            data.safetensors(__metadata__={"a": secret}),
            (mutate, mutated_words),
        ),
        "onnx": ("m.onnx", data.onnx(words=secret.encode(), at="metadata"), (mutate,)),
    }
