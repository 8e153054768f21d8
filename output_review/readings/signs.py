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
    "nested_data": Sign(
        Weight.REVIEW,
        say("The file is nested, so the rules for tables see only a part of it."),
        say("Send its numbers as a csv as well."),
    ),
    "unsure_words": Sign(
        Weight.REVIEW,
        say("{n} lines in the picture could not be read with certainty."),
        say("Read them yourself; ask for larger or clearer writing."),
    ),
    "upright_only": Sign(
        Weight.REVIEW,
        say("{n} pictures hold much text or are photographs; they were read upright only."),
        say("Look for words that run upwards or downwards."),
    ),
    "barcodes": Sign(
        Weight.FIX,
        say("The picture shows {n} barcodes. People cannot read them, machines can."),
        say("Remove them."),
    ),
    "shown_keys": Sign(
        Weight.FIX,
        say("The picture shows {n} keys of the form that stands for a person."),
        say("Draw the figure without them."),
    ),
    "invisible_text": Sign(
        Weight.FIX,
        say(
            "{n} characters of the text cannot be seen on the page: drawn without ink, white, tiny, covered or outside."
        ),
        say("Remove them, or make them visible."),
    ),
    "text_differs": Sign(
        Weight.REVIEW,
        say("On {n} pages the text kept in the file is not the text that can be read on the page."),
        say("Save the document again with a program that keeps its text."),
    ),
    "annotations": Sign(
        Weight.REVIEW,
        say("{n} annotations lay on the pages; they do not leave."),
    ),
    "model_header": Sign(
        Weight.REVIEW,
        say("Only the header of this model was looked at. Whether it holds persons cannot be told from it."),
        say("Send its coefficients as a csv, or ask an output checker for evidence on the model."),
    ),
    "model_words": Sign(
        Weight.REVIEW,
        say("The header of the model holds {n} texts beside names and shapes."),
    ),
    "model_keeps_rows": Sign(
        Weight.REJECT,
        say("{n} operations of the model keep rows of the data that it was trained on."),
        say("Send its coefficients or its measured performance as a csv."),
    ),
    "wide_model": Sign(
        Weight.REVIEW,
        say("{n} arrays of the model have a row for each of very many things; each may be a person."),
    ),
}
"""Signs of tables, text, office files and notebooks."""
