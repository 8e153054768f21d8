"""HTML output is cleaned by a library made for it, or it is not shown.

Tables, text and their plain attributes stay; scripts, styles, links, forms, pictures and
everything that loads or sends go. Without the library there is no sanitiser, and the tables
of outputs then leave HTML out.
"""

from typing import Any, Final

from .outputs import Sanitiser

TAGS: Final = frozenset(
    [
        "b",
        "blockquote",
        "br",
        "caption",
        "code",
        "col",
        "colgroup",
        "dd",
        "div",
        "dl",
        "dt",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "kbd",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
        "var",
    ],
)
ATTRIBUTES: Final = {
    "*": {"dir", "lang", "title"},
    "table": {"border", "class"},
    "col": {"span"},
    "colgroup": {"span"},
    "td": {"colspan", "rowspan", "align", "valign"},
    "th": {"colspan", "rowspan", "align", "valign", "scope"},
}


def find_sanitiser() -> Sanitiser | None:
    """Give the cleaning function, or None where the library is not installed."""
    try:
        import nh3  # noqa: PLC0415
    except ImportError:
        return None
    cleaner: Any = nh3.Cleaner(
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(),
        link_rel=None,
        strip_comments=True,
    )

    def sanitise(html: str) -> str:
        return str(cleaner.clean(html))

    return sanitise


SANITISER: Final = find_sanitiser()
