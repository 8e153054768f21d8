"""What a reader noticed in an upload that people must weigh: each sign with its weight and its words.

A sign becomes a finding ``FILE.<sign>``. An unknown sign cannot arrive: the answer that names one
is refused as a whole.
"""

from dataclasses import dataclass
from enum import StrEnum

from enclave.sentences import Sentence, say


class Weight(StrEnum):
    """How much a sign weighs; the words are those of findings."""

    REVIEW = "review"
    FIX = "fix"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign in words; ``{n}`` in the message is how many there were."""

    weight: Weight
    message: Sentence
    remedy: Sentence | None = None


SIGNS: dict[str, Sign] = {
    "formula_start": Sign(
        Weight.FIX,
        say("{n} cells begin like a formula, so a spreadsheet would compute them."),
        say("Put a letter before =, +, - or @, or write the value."),
    ),
    "formula_call": Sign(
        Weight.REJECT,
        say("{n} cells hold a formula that runs a program or fetches an address when a spreadsheet opens the file."),
        say("Write the values alone."),
    ),
    "hidden_result": Sign(
        Weight.FIX,
        say("{n} formulas compute a value that the sheet does not show."),
        say("Remove the formula, or show and justify its value."),
    ),
    "unseen_characters": Sign(
        Weight.FIX,
        say("The text held {n} characters that nobody can see. They were removed."),
        say("Write the text without them, and say what they were for."),
    ),
    "packed_text": Sign(
        Weight.REVIEW,
        say("{n} places hold long text that nobody can read (encoded, compressed or a hash)."),
        say("Send what it holds as a table or as text, or leave it out."),
    ),
    "packed_data": Sign(
        Weight.REJECT,
        say("{n} places hold encoded text that unpacks to data."),
        say("Send what it holds as a table or as text, or leave it out."),
    ),
    "nested_data": Sign(
        Weight.REVIEW,
        say("The file is nested, so the rules for tables see only a part of it."),
        say("Send its numbers as a csv as well."),
    ),
    "left_out_outputs": Sign(
        Weight.REVIEW,
        say("{n} outputs of the notebook were left out; only text and pictures leave with it."),
    ),
    "traceback": Sign(
        Weight.FIX,
        say("{n} error messages stand in it; such a message can print a record."),
        say("Run it again without the error, or leave the message out."),
    ),
}
"""Signs of tables, text, office files and notebooks."""
