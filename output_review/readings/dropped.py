"""What a reader left out of the canonical bytes, in words for author and checker.

Every code stands here with its sentence; ``{n}`` is how many there were. ``held_content`` says of
which codes people wrote or computed the content: then two pairs of eyes look at the file even when
nothing else was found, because a file that held more than it shows is worth a look. What is left
(line ends, styles) is told and weighs nothing.
"""

from enclave.sentences import Sentence, say
from output_review.readings.codes import split_code

HARMLESS: dict[str, Sentence] = {
    "encoding_cp932": say("written in CP932 (Shift_JIS), now UTF-8"),
    "encoding_utf16": say("written in UTF-16, now UTF-8"),
    "encoding_euc_jp": say("written in EUC-JP, now UTF-8"),
    "encoding_iso2022_jp": say("written in ISO-2022-JP, now UTF-8"),
    "byte_order_mark": say("the byte order mark"),
    "line_endings": say("line ends of another system"),
    "missing_final_line_end": say("the last line had no end"),
    "quoting": say("quotation marks that no cell needed"),
    "trailing_blank_lines": say("empty lines at the end"),
    "trailing_space": say("{n} spaces or tabs at ends of lines or cells"),
    "excess_digits": say("digits of {n} numbers beyond the tenth significant one"),
    "styles": say("styles and column widths"),
    "tab_separators": say("tabs between cells, now commas"),
    "semicolon_separators": say("semicolons between cells, now commas"),
    "key_order": say("the order of keys, and spaces between them"),
    "empty_sheets": say("{n} empty sheets"),
    "merged_cells": say("{n} merged cells, now one value each"),
    "empty_cells": say("{n} empty rows or columns around tables"),
    "metadata": say("{n} entries of metadata of the program that wrote it"),
    "titles_moved": say("{n} title lines, now below their table"),
    "line_breaks_in_cells": say("line breaks in {n} cells, now spaces"),
    "cell_ids": say("marks of the notebook program"),
    "execution_counts": say("{n} execution counts"),
    "colours": say("fine shades of colour; at most 256 colours stay"),
    "pixels": say("pixels of a very large picture"),
    "colour_profiles": say("a colour profile"),
    "file_structure": say("the inner structure of the file"),
    "lines_without_page": say("{n} lines after the last page that is shown; they leave as text alone"),
    "column_statistics": say("what is kept of {n} columns beside the rows (smallest and largest values)"),
}
HELD_CONTENT: dict[str, Sentence] = {
    "unseen_characters": say("{n} characters that nobody can see"),
    "variant_selectors": say("{n} marks that choose a way of drawing a character"),
    "private_characters": say("{n} characters of private use, which each font shows otherwise"),
    "formulas": say("{n} formulas, of which the values stay"),
    "formulas_without_value": say("{n} formulas that were never computed; their cells are empty"),
    "phonetic_guides": say("{n} readings printed above words"),
    "unused_strings": say("{n} texts that no cell shows any more"),
    "hidden_sheets": say("{n} hidden sheets"),
    "very_hidden_sheets": say("{n} sheets hidden so that no menu shows them"),
    "hidden_rows": say("{n} hidden rows"),
    "hidden_columns": say("{n} hidden columns"),
    "unseen_cells": say("{n} cells whose text cannot be seen (white, tiny or formatted away)"),
    "comments": say("{n} comments"),
    "named_comments": say("{n} comments by a named person"),
    "charts": say("{n} charts and the numbers they keep"),
    "pictures": say("{n} pictures"),
    "text_boxes": say("{n} text boxes or shapes"),
    "pivot_tables": say("{n} pivot tables"),
    "defined_names": say("{n} defined names"),
    "data_validations": say("{n} lists of allowed values"),
    "headers_footers": say("{n} page headers or footers"),
    "properties": say("{n} properties that name a person or hold words"),
    "hyperlinks": say("{n} links"),
    "custom_parts": say("{n} parts of other programs"),
    "deletions": say("{n} tracked deletions"),
    "insertions": say("{n} tracked insertions, of which the text stays"),
    "hidden_text": say("{n} pieces of hidden text"),
    "fields": say("{n} fields, of which the shown text stays"),
    "notes": say("{n} footnotes or endnotes, now at the end of the text"),
    "alt_texts": say("{n} descriptions of pictures"),
    "outputs": say("{n} outputs that cannot leave with a notebook"),
    "tracebacks": say("{n} error messages of cells"),
    "attachments": say("{n} attachments of cells"),
    "widget_state": say("the state of interactive widgets"),
    "picture_texts": say("{n} texts inside the picture file"),
    "picture_parts": say("{n} parts of the picture file that are no picture"),
    "exif": say("the camera's record (EXIF)"),
    "gps": say("a place on the map, in the camera's record"),
    "xmp": say("{n} records of editing programs (XMP)"),
    "iptc": say("{n} captions for news agencies (IPTC)"),
    "thumbnails": say("{n} small copies of the picture"),
    "vector_shapes": say("{n} drawn shapes, now a picture"),
    "descriptions": say("{n} titles, descriptions or comments inside the drawing"),
    "undrawn_shapes": say("{n} shapes or words that are not shown"),
    "invisible_text": say("{n} characters of text that cannot be seen on the page"),
    "annotations": say("{n} annotations or notes on pages"),
    "document_properties": say("{n} properties of the document"),
    "bookmarks": say("{n} bookmarks"),
    "page_structure": say("the document's structure for reading aloud"),
    "outside_page": say("{n} parts outside the visible page"),
    "column_metadata": say("{n} entries of metadata that programs keep with the columns"),
    "number_forms": say("the form of {n} numbers that were written otherwise than the rest of their column"),
    "bytes_between": say(
        "{n} bytes beside the columns: an index of the program that wrote it, or something else"
    ),
    "unused_categories": say("{n} categories that no row uses"),
    "model_weights": say("the numbers of {n} arrays of the model"),
    "model_words": say("{n} texts in the header of the model"),
    "row_index": say("the index of the rows"),
}
ONE: dict[str, Sentence] = {
    "formulas": say("1 formula, of which the value stays"),
    "hidden_sheets": say("1 hidden sheet"),
    "very_hidden_sheets": say("1 sheet hidden so that no menu shows it"),
    "hidden_rows": say("1 hidden row"),
    "hidden_columns": say("1 hidden column"),
    "unseen_cells": say("1 cell whose text cannot be seen (white, tiny or formatted away)"),
    "comments": say("1 comment"),
    "named_comments": say("1 comment by a named person"),
    "charts": say("1 chart and the numbers it keeps"),
    "pictures": say("1 picture"),
    "text_boxes": say("1 text box or shape"),
    "pivot_tables": say("1 pivot table"),
    "defined_names": say("1 defined name"),
    "data_validations": say("1 list of allowed values"),
    "headers_footers": say("1 page header or footer"),
    "properties": say("1 property that names a person or holds words"),
    "hyperlinks": say("1 link"),
    "custom_parts": say("1 part of another program"),
    "deletions": say("1 tracked deletion"),
    "insertions": say("1 tracked insertion, of which the text stays"),
    "hidden_text": say("1 piece of hidden text"),
    "fields": say("1 field, of which the shown text stays"),
    "outputs": say("1 output that cannot leave with a notebook"),
}
"""The same where there was one of it."""
DROPPED: dict[str, Sentence] = {**HARMLESS, **HELD_CONTENT}


def in_words(code: str) -> Sentence:
    """A stored code with its count, as a sentence; an unknown code says so in general words."""
    name, count = split_code(code)
    known = ONE.get(name) if count == 1 else None
    known = known or DROPPED.get(name)
    if known is None:
        return say("something else ({n})", n=count)
    return Sentence(known.text, {"n": count} if "{n}" in known.text else {})


def held_content(codes: tuple[str, ...]) -> bool:
    """Whether something that people wrote or computed was left out."""
    return any(split_code(code)[0] not in HARMLESS for code in codes)
