"""What a pdf holds beside its pages; what is active or hidden by design refuses it.

1. Encryption, scripts, actions that run or fetch, attachments, embedded media, form packages and
   layers refuse. So do earlier versions (an incremental save keeps what was deleted), bytes after
   the end, and more pages or objects than people look at.
2. Annotations, form values, bookmarks, properties, structure for reading aloud and every other
   string outside the pages' contents do not leave; they are told, and their words are found.
"""

import re
import zlib
from typing import TYPE_CHECKING, Any, Final

from .picture_metadata import words_in
from .png_structure import check_size
from .refusals import RefusedError
from .results import Account

if TYPE_CHECKING:
    from pikepdf import Pdf

MAX_PAGES: Final = 8
MAX_OBJECTS: Final = 60_000
MAX_UNPACKED: Final = 64 * 1024 * 1024
"""Bytes of all streams together."""
MAX_STRING: Final = 5_000
"""Characters of one string that are kept for the recognisers."""
MAX_STRINGS: Final = 4_000

_ACTIVE_KEYS: Final = frozenset({"/JS", "/JavaScript", "/AA", "/XFA", "/RichMediaContent", "/RichMedia"})
_ACTIVE_ACTIONS: Final = frozenset({
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/Sound", "/Movie",
    "/RichMediaExecute", "/ResetForm", "/SetOCGState", "/Trans", "/GoTo3DView",
})  # fmt: skip
_ACTIVE_NOTES: Final = frozenset({"/RichMedia", "/Movie", "/Sound", "/Screen", "/3D", "/FileAttachment"})
_NAMED: Final = frozenset(
    {"/Title", "/Author", "/Subject", "/Keywords", "/Contents", "/T", "/TU", "/V", "/DV", "/RC"}
)


def check_ends(content: bytes) -> None:
    """Refuse bytes behind the end and earlier versions, which libraries read over in silence."""
    tail = content.rstrip(b"\r\n\t \0")
    if not tail.endswith(b"%%EOF"):
        raise RefusedError("bytes_outside" if b"%%EOF" in content else "truncated")
    ends = len(re.findall(rb"startxref\s+(\d+)\s+%%EOF", content))
    linear = b"/Linearized" in content[:1024]
    if ends > 1 + linear:
        raise RefusedError("revisions")
    if not ends:
        raise RefusedError("structure")


def open_pdf(content: bytes) -> "Pdf":
    """Open a pdf without a password.

    Raises:
        RefusedError: it is encrypted, broken or has too many pages or objects.
    """
    import io  # noqa: PLC0415
    import logging  # noqa: PLC0415

    import pikepdf  # noqa: PLC0415  # a library that costs time at the start

    logging.getLogger("pikepdf").disabled = True
    try:
        pdf = pikepdf.open(io.BytesIO(content), attempt_recovery=False, suppress_warnings=True)
    except pikepdf.PasswordError:
        raise RefusedError("encrypted") from None
    except Exception:  # noqa: BLE001  # the library raises many kinds
        raise RefusedError("structure") from None
    if pdf.is_encrypted:
        raise RefusedError("encrypted")
    if not len(pdf.pages):
        raise RefusedError("empty")
    if len(pdf.pages) > MAX_PAGES:
        raise RefusedError("too_many_pages", limit=MAX_PAGES)
    if len(pdf.objects) > MAX_OBJECTS:
        raise RefusedError("structure")
    _check_unpacked(pdf)
    return pdf


def _check_unpacked(pdf: "Pdf") -> None:
    """Refuse streams that unpack to too much, before a library unpacks them; pictures are judged by their sides."""
    import pikepdf  # noqa: PLC0415

    left = MAX_UNPACKED
    for part in pdf.objects:
        if not isinstance(part, pikepdf.Stream):
            continue
        if str(part.get("/Subtype", "")) == "/Image":
            check_size(int(part.get("/Width", 0)), int(part.get("/Height", 0)))
        packed = part.read_raw_bytes()
        filters = part.get("/Filter", pikepdf.Array([]))
        names: list[str] = (
            [str(name) for name in list(filters)] if isinstance(filters, pikepdf.Array) else [str(filters)]
        )
        if names.count("/FlateDecode") > 1 or "/LZWDecode" in names:
            raise RefusedError(
                "unpacks_too_large"
            )  # packed twice over, or in a way that cannot be measured here
        left -= inflated_size(packed, left) if names[:1] == ["/FlateDecode"] else len(packed)
        if left < 0:
            raise RefusedError("unpacks_too_large")


def inflated_size(packed: bytes, limit: int) -> int:
    """How many bytes a deflated stream unpacks to; somewhat more than ``limit`` where it is more."""
    unpacking = zlib.decompressobj()
    size = 0
    try:
        while packed and size <= limit:
            size += len(unpacking.decompress(packed, 1 << 20))
            packed = unpacking.unconsumed_tail
    except zlib.error:
        return size  # the library will say what is wrong with it
    return size


def take_inventory(pdf: "Pdf", account: Account) -> None:
    """Refuse what is active; tell and find what does not leave."""
    root = pdf.Root
    if "/OCProperties" in root:
        raise RefusedError("layers")
    names: Any = root.get("/Names", {})
    if "/EmbeddedFiles" in names or "/AF" in root or "/Collection" in root:
        raise RefusedError("embedded_file")
    if "/JavaScript" in names:
        raise RefusedError("active_content")
    strings = _Strings(account)
    strings.walk(pdf)
    account.drop("bookmarks", strings.bookmarks)
    account.drop("annotations", strings.notes)
    account.sign("annotations", strings.notes)
    account.drop("document_properties", len(pdf.docinfo.keys()) if "/Info" in pdf.trailer else 0)
    if "/Metadata" in root:
        account.drop("xmp")
        account.hide("property", words_in(root.Metadata.read_bytes()))
    account.drop("page_structure", "/StructTreeRoot" in root)
    for page in pdf.pages:
        box, crop = page.mediabox, page.cropbox
        if [float(n) for n in box] != [float(n) for n in crop]:
            account.drop("outside_page")


class _Strings:
    """Every string of every object, by the place in which it stands."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self.notes = self.bookmarks = self._taken = 0

    def walk(self, pdf: "Pdf") -> None:
        import pikepdf  # noqa: PLC0415

        for part in pdf.objects:
            if isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
                self._dictionary(part)
            waiting: list[tuple[Any, str, int]] = [(part, self._place(part), 0)]
            while waiting:
                value, place, depth = waiting.pop()
                if isinstance(value, pikepdf.String):
                    self._string(value, place)
                elif depth < 12 and isinstance(value, pikepdf.Array):
                    waiting += [(item, place, depth + 1) for item in value if not _is_reference(item)]
                elif depth < 12 and isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
                    if depth:
                        self._dictionary(value)
                    waiting += [
                        (v, place, depth + 1) for _, v in value.items() if depth == 0 or not _is_reference(v)
                    ]

    def _dictionary(self, part: Any) -> None:
        """Refuse actions and active annotations; count notes and bookmarks."""
        keys = set(part.keys())
        if keys & _ACTIVE_KEYS or str(part.get("/S", "")) in _ACTIVE_ACTIONS:
            raise RefusedError("active_content")
        kind, subtype = str(part.get("/Type", "")), str(part.get("/Subtype", ""))
        if subtype in _ACTIVE_NOTES:
            raise RefusedError("embedded_file" if subtype == "/FileAttachment" else "active_content")
        if kind in {"/EmbeddedFile", "/Filespec", "/F"} or "/EF" in keys:
            raise RefusedError("embedded_file")
        if kind in {"/OCG", "/OCMD"}:
            raise RefusedError("layers")
        if "/Rect" in keys and "/Subtype" in keys and subtype not in {"/Link", "/Form", "/Image"}:
            self.notes += 1
        if {"/Title", "/Parent"} <= keys and "/Type" not in keys:
            self.bookmarks += 1

    def _place(self, part: Any) -> str:
        import pikepdf  # noqa: PLC0415

        if not isinstance(part, pikepdf.Dictionary):
            return "property"
        keys = set(part.keys())
        if "/Rect" in keys:
            return "annotation"
        if {"/Title", "/Parent"} <= keys:
            return "bookmark"
        return "description" if keys & {"/Alt", "/ActualText", "/E"} else "property"

    def _string(self, value: Any, place: str) -> None:
        self._taken += 1
        if self._taken > MAX_STRINGS:
            raise RefusedError("too_much_hidden")
        text = str(value)
        if sum(c.isalnum() for c in text) >= 2:
            self._account.hide(place, text[:MAX_STRING])


def _is_reference(value: Any) -> bool:
    """Whether a value is an object of its own, which is met on its own."""
    return bool(getattr(value, "is_indirect", False))
