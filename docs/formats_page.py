"""The page of formats, written from the reader's registry and the words of refusals."""

from enclave.adapters.translations import translate
from images.reader.hanare_reader.formats import Format, all_formats
from images.reader.hanare_reader.refusals import MAX_BYTES, MAX_COLUMNS, MAX_FILES, MAX_ROWS, MAX_SECONDS
from output_review.readings.dropped import DROPPED, HARMLESS
from output_review.readings.refusals import REFUSALS
from output_review.readings.signs import SIGNS


def render_formats(generated: str) -> str:
    """What may be sent, what leaves of it, what is refused with which words, and what is told."""
    formats = all_formats()
    lines = [
        "# Formats",
        "",
        generated,
        "What leaves is never the upload, but bytes that the reader wrote. A format without a canonical writer is",
        "refused. The ending names the format and the bytes must agree with it. Every file: at most",
        f"{MAX_BYTES // 2**20} MB, {MAX_ROWS:,} rows or lines, {MAX_COLUMNS} columns, {MAX_FILES} canonical files,",
        f"{MAX_SECONDS:.0f} seconds.",
        "",
        "## Read",
        "",
        "| format | endings | leaves as | limits of its own |",
        "|---|---|---|---|",
        *(f"| {f.name} | {_endings(f)} | {f.leaves_as} | {f.limits} |" for f in formats if f.reader),
        "",
        "## Refused, never opened",
        "",
        "| format | endings | what its author reads |",
        "|---|---|---|",
        *(f"| {f.name} | {_endings(f)} | {_both(f.refusal)} |" for f in formats if f.refusal),
        "",
        "## Left out and told",
        "",
        "Each code stands on the page of a file in words, with its count. What people wrote or computed makes the",
        "file a REVIEW; the rest weighs nothing.",
        "",
        "| code | in words | weighs |",
        "|---|---|---|",
        *(
            f"| `{code}` | {words.text} | {'nothing' if code in HARMLESS else 'REVIEW'} |"
            for code, words in DROPPED.items()
        ),
        "",
        "## Noticed",
        "",
        "| finding | weight | in words |",
        "|---|---|---|",
        *(f"| `FILE.{code}` | {s.weight.value.upper()} | {s.message.text} |" for code, s in SIGNS.items()),
    ]
    return "\n".join(lines) + "\n"


def _endings(entry: Format) -> str:
    return ", ".join(f"`{suffix}`" for suffix in entry.suffixes)


def _both(code: str) -> str:
    sentence = REFUSALS[code]
    return f"{translate(sentence, 'ja')} / {sentence.text}"
