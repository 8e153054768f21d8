"""The data dictionary: every table and column of the canonical schema, as a page."""

from catalog.catalogue import use_of
from catalog.schema.canonical import CANONICAL
from catalog.schema.columns import ColumnClass
from catalog.web.catalogue_model import CLASS_WORDS, USE_WORDS


def render_schema(generated: str) -> str:
    """The page."""
    lines = [
        "# The canonical schema",
        "",
        generated,
        "Every table and column of the source, from `catalog/schema/`. A column without a class cannot be used.",
        "What a class means for a project:",
        "",
        "| class | | for a project |",
        "|---|---|---|",
    ]
    for sort, words in CLASS_WORDS.items():
        lines.append(f"| {sort} | {words.en} | {USE_WORDS[use_of(ColumnClass(sort)).value][1].en} |")
    lines += [
        "",
        "The nature of a column says what the profile `anon` asks for: a date of birth leaves as a month or an",
        "age band, an event shifted, a measured value in bins or top-coded, a code only when it is common, a",
        "region one level up. Keys name the kind of thing they are keys of; only keys of one kind are compared.",
        "",
    ]
    lines += [
        f"- [`{table.name}`](#{table.name}) {table.ja} / {table.en}" for table in CANONICAL.tables.values()
    ]
    for table in CANONICAL.tables.values():
        lines += [
            "",
            f"## {table.name}",
            "",
            f"{table.ja} / {table.en}",
            "",
            "| column | class | type | nature | 日本語 | English | unit | codes |",
            "|---|---|---|---|---|---|---|---|",
        ]
        for column in table.columns:
            sort = (
                f"{column.column_class.value} ({column.entity})"
                if column.entity
                else column.column_class.value
            )
            facts = (sort, column.type, column.nature.value, column.ja, column.en, column.unit, column.codes)
            lines.append(f"| `{column.name}` | {' | '.join(facts)} |")
    return "\n".join(lines) + "\n"
