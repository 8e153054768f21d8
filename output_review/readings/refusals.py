"""Why a reader refused an upload: its code in words, with what to send instead.

A reader gives a code and the numbers that the sentence names; nothing else of it is ever shown.
"""

from enclave.sentences import Sentence, say

FAILED = say(
    "The file could not be read. Hand it in once more; if that does not help, send the tables as csv and the words as txt."
)

REFUSALS: dict[str, Sentence] = {
    "format_refused": say(
        "This kind of file is not accepted. Send tables as csv or xlsx, text as txt, md or docx, figures as png."
    ),
    "job_unreadable": say("The description of the file cannot be read. Submit it again."),
    "not_a_file": say("This is not a regular file."),
    "too_large": say("The file is too large (at most {limit} bytes). Aggregate it."),
    "too_many_rows": say("There are too many rows (at most {limit}). Aggregate them."),
    "too_many_columns": say("There are too many columns (at most {limit})."),
    "too_many_tables": say("There are too many tables in one file (at most {limit}). Send several files."),
    "cell_too_long": say("Row {row} has a cell that is too long (at most {limit} characters)."),
    "too_slow": say("Reading takes too long. Make the file smaller and simpler."),
    "too_much_memory": say("Reading takes too much memory. Make the file smaller and simpler."),
    "too_much_hidden": say(
        "The file hides more text than can be checked. Send only what shall leave, in a new file."
    ),
    "empty": say("The file is empty."),
    "encoding": say("The text is in no encoding that can be told apart for certain. Save it as UTF-8."),
    "control_character": say("Row {row} holds a control character (U+{point}). Remove it."),
    "quoting": say("Near row {row} the quotation marks are not closed correctly."),
    "line_break_in_cell": say("Row {row} has a line break inside a cell. Write one record per line."),
    "ragged_row": say("Row {row} has {found} columns; the header has {expected}."),
    "blank_header": say("Column {column} has no name in the header."),
    "duplicate_header": say("Column {column} has the same name as an earlier column."),
    "separator": say("The cells do not seem to be separated by commas. Use commas."),
    "reader_failed": FAILED,
    "disagrees": say(
        "The bytes are not those of the format that the file's ending names, or the file has a password. Save it again in that format, without a password."
    ),
    "encrypted": say("The file is encrypted, so it cannot be checked. Save it without a password."),
    "active_content": say(
        "The file holds something that runs or fetches when it is opened (macro, embedded object, link formula). Save the values alone."
    ),
    "truncated": say("The file ends before it is complete. Save it again."),
    "bytes_outside": say(
        "There are bytes before, between or after the parts of the file. Save it again with a program of its format."
    ),
    "names_twice": say(
        "Two parts of the file have the same name. Save it again with a program of its format."
    ),
    "unlisted_part": say(
        "The file holds a part that its own table of contents does not name. Copy what shall leave into a new file."
    ),
    "unpacks_too_large": say("The file unpacks to more than can be checked. Make it smaller."),
    "embedded_file": say("Another file is embedded in this one. Send it as a file of its own."),
    "rows_in_cache": say(
        "The file keeps the rows behind a pivot table or a data model. Copy the values of the table into a new file."
    ),
    "linked_file": say(
        "The file holds a copy of cells of another workbook. Copy the values into a new file."
    ),
    "structure": say(
        "The inside of the file is not built as its format asks. Save it again, or send csv or txt."
    ),
    "duplicate_key": say("An object of the file names the same key twice. Name it once."),
    "too_deep": say("The file is nested more than {limit} levels deep. Send a table."),
    "picture_too_large": say("The picture has more than {limit} pixels. Make it smaller."),
    "several_pictures": say(
        "The file holds more than one picture (an animation or a copy). Send each as a file of its own."
    ),
    "picture_format_refused": say("This kind of picture is not accepted. Send it as png or jpg."),
    "too_many_pages": say(
        "There are too many pages (at most {limit}). Send the text as docx or txt, and figures as png."
    ),
    "drawing_refused": say(
        "The drawing holds something that is neither shape nor text of a figure. Save the figure as png."
    ),
    "drawing_too_large": say("The drawing has more than {limit} shapes. Save the figure as png."),
    "layers": say(
        "The document has layers that can be shown and hidden. Print it to a new pdf, or send png."
    ),
    "revisions": say("The document keeps earlier versions of itself. Print it to a new pdf, or send png."),
    "nested_columns": say("A column holds lists or records. Write one value a cell, or send csv."),
    "html_refused": say(
        "html is not accepted, because it can hide data behind what is shown. Send tables as csv and figures as png."
    ),
    "figure_data_refused": say(
        "This is a drawing or a map with the data behind it. Send the figure as png and its numbers as csv."
    ),
    "archive_refused": say("Archives are not accepted. Send their files one by one."),
    "old_office_refused": say("This office format is not accepted. Save it as xlsx, docx or csv."),
    "macro_refused": say(
        "Office files with macros are not accepted. Save it as xlsx or docx without macros."
    ),
    "model_refused": say(
        "Stored models and arrays are never opened: they can run code and can hold the data they were trained on. Send the table of coefficients as csv."
    ),
    "statistics_file_refused": say(
        "Files of statistics programs hold the data they came from, so they are never opened. Send the results as csv or txt."
    ),
    "database_refused": say("Databases and files of rows are not accepted. Send a table of results as csv."),
    "recording_refused": say(
        "Images, recordings and sequences of persons do not leave by this road. Ask the data steward."
    ),
    "program_refused": say("Programs are not accepted. Send scripts as py, R, sql or do."),
}
