"""One name in every way in which programs write letters as codes."""

import quopri
import unicodedata
from email.header import Header
from urllib.parse import quote

NAME = "山田太郎"
WAYS = {
    "javascript": "".join(f"\\u{ord(sign):04x}" for sign in NAME),
    "ecmascript 6": "".join(f"\\u{{{ord(sign):x}}}" for sign in NAME),
    "python, long": "".join(f"\\U{ord(sign):08X}" for sign in NAME),
    "names of letters": "".join(f"\\N{{{unicodedata.name(sign)}}}" for sign in NAME),
    "twice": quote(quote(NAME)),
    "call": "chr(" + ") || chr(".join(str(ord(sign)) for sign in NAME) + ")",
    "html": "".join(f"&#{ord(sign)};" for sign in NAME),
    "html, hexadecimal": "".join(f"&#x{ord(sign):X};" for sign in NAME),
    "html, without an end": "".join(f"&#{ord(sign)}" for sign in NAME),
    "R": "".join(f"<U+{ord(sign):04X}>" for sign in NAME),
    "R, bytes": "".join(f"<{byte:02x}>" for byte in NAME.encode("cp932")),
    "unicode": " ".join(f"U+{ord(sign):04X}" for sign in NAME),
    "bytes of python": "".join(f"\\x{byte:02x}" for byte in NAME.encode()),
    "bytes in euc": "".join(f"\\x{byte:02x}" for byte in NAME.encode("euc_jp")),
    "octal": "".join(f"\\{byte:03o}" for byte in NAME.encode()),
    "address": quote(NAME),
    "mail": quopri.encodestring(NAME.encode()).decode(),
    "mail header, base64": Header(NAME, "utf-8").encode(),
    "mail header, quoted": "=?UTF-8?Q?" + quopri.encodestring(NAME.encode()).decode() + "?=",
    "domain": NAME.encode("idna").decode(),
    "utf-7": NAME.encode("utf-7").decode(),
    "numbers": " ".join(f"{ord(sign):04x}" for sign in NAME),
    "bytes apart": " ".join(f"{byte:02X}" for byte in NAME.encode()),
    "a list": ", ".join(f"'\\u{ord(sign):04x}'" for sign in NAME),
}
