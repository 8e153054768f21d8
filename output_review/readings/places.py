"""Where a reader found words that no line or cell of the canonical bytes holds, in words for people."""

from enclave.sentences import Sentence, say

PARTS: dict[str, Sentence] = {
    "hidden_sheet": say("on a hidden sheet"),
    "hidden_row": say("in a hidden row"),
    "hidden_column": say("in a hidden column"),
    "unseen_cell": say("in a cell whose text cannot be seen"),
    "formula": say("in a formula"),
    "comment": say("in a comment"),
    "sheet_name": say("in the name of a sheet"),
    "defined_name": say("in a defined name"),
    "validation": say("in a list of allowed values"),
    "header_footer": say("in a page header or footer"),
    "property": say("in the properties of the file"),
    "link": say("in the address of a link"),
    "chart": say("in a chart"),
    "drawing": say("in a text box or the description of a picture"),
    "deletion": say("in text that was deleted with changes tracked"),
    "hidden_text": say("in hidden text"),
    "phonetic": say("in a reading printed above a word"),
    "field": say("in the code of a field"),
    "part": say("in a part of another program"),
    "table": say("in a table of the file"),
    "metadata": say("in metadata"),
    "output": say("in an output of a cell"),
    "decoded": say("in text that was encoded"),
    "picture_words": say("in the words that can be read in the picture"),
    "unsure_words": say("in words that can hardly be read in the picture"),
    "barcode": say("in a barcode"),
    "picture_metadata": say("in metadata of the picture"),
    "drawing_text": say("in the text of the drawing"),
    "description": say("in a title, description or comment of the drawing"),
    "undrawn": say("in a part of the drawing that is not shown"),
    "page_text": say("in the text of a page"),
    "set_text": say("in the text that this page shows"),
    "invisible_text": say("in text that cannot be seen on the page"),
    "annotation": say("in an annotation"),
    "bookmark": say("in a bookmark"),
    "column_metadata": say("in metadata of a column"),
    "categories": say("in categories that no row uses"),
    "model_header": say("in the header of a model"),
}
"""Places of tables, text, office files and notebooks."""

CAPPED = frozenset({"property", "sheet_name", "metadata"})
"""Places in which programs write a name by themselves: a name there is looked at, not sent back."""

UNSURE_WORDS = frozenset({"unsure_words"})
"""Places in which words could hardly be read."""
PIXEL_WORDS = frozenset({"picture_words", "unsure_words"})
"""Places in which words were read from pixels, with errors."""
FIGURE_WORDS = PIXEL_WORDS | {"drawing_text", "page_text"}
"""Places in which the numbers of scales stand alone on lines."""
