"""Ways to reach a person or a machine: telephone, postal code, e-mail, URL, addresses of networks.

1. Boundaries are letters and digits of ASCII, never ``\\b``: kana and kanji may touch a value.
2. A telephone number has the Japanese numbering plan's shape: ten digits from 0, eleven for 050, 070,
   080 and 090, 0120 and 0800 free numbers, with +81 or 0081 in front instead of the 0, in groups by
   hyphens, blanks, dots or brackets. Without groups it needs a mobile prefix or a label.
3. A postal code without 〒 must be one that Japan Post gives, and stand beside a label or an address;
   ``100-2000`` alone is a range.
"""

import re
from collections.abc import Iterator

from catalog.identifiers.hits import Certainty, Hit
from catalog.identifiers.readings import Reading

_EMAIL = re.compile(
    r"(?<![0-9A-Za-z._%+-])[0-9A-Za-z][0-9A-Za-z._%+-]{0,63}\s?(?:@|\(at\)|\[at\]|<at>| at (?=[\w.-]+\.(?:jp|com)))\s?"
    r"(?:[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?\.)+[A-Za-z]{2,24}(?![0-9A-Za-z])"
)


def find_emails(reading: Reading) -> Iterator[Hit]:
    """E-mail addresses, also with ``(at)`` for the sign."""
    for match in _EMAIL.finditer(reading.text):
        yield reading.hit("email", match.span(), Certainty.CERTAIN)
