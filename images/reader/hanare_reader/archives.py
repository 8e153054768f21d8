"""Zip files of office programs, walked before anything in them is read.

The whole file must be accounted for: parts one after another from the first byte, then the
directory, then its end record and nothing more. Each part has one name, says the same in both
places, is stored or deflated, unpacks within the limits and has the check sum that it claims.
Office files name every part in their table of contents and reach it by relationships; a part that
neither names is where a file carries what no program shows, and refuses it.
"""

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final
from xml.etree.ElementTree import Element

from .refusals import RefusedError

MAX_PARTS: Final = 300
MAX_PART: Final = 32 * 1024 * 1024
MAX_UNPACKED: Final = 64 * 1024 * 1024
MAX_RATIO: Final = 200
MAX_DEPTH: Final = 60
MAX_ATTRIBUTES: Final = 200
"""Of one element; the richest that programs write has some thirty."""
_SMALL: Final = 100_000
"""Bytes below which a ratio says nothing."""
_END: Final = struct.Struct("<4s4H2LH")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_DESCRIBED: Final = 8
_ENCRYPTED: Final = 1
_ARCHIVES: Final = (b"PK\x03\x04", b"7z\xbc\xaf'\x1c", b"Rar!", b"\x1f\x8b\x08")
_RUNS: Final = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"MZ\x90", b"\x7fELF")
_EXTRAS: Final = frozenset({0x0001, 0x000A, 0x5455, 0x5855, 0x7855, 0x7875, 0xCAFE})
"""Sizes, clocks and owners."""
_LONGEST_EXTRA: Final = 36
_FILLING: Final = 0xA220
TYPES: Final = "[Content_Types].xml"


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship of a part: its id, the last word of its kind, and where it leads."""

    id: str
    kind: str
    target: str
    external: bool


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of an office file by name, all unpacked, and the kind of content of each."""

    parts: Mapping[str, bytes]
    types: Mapping[str, str]

    def relations(self, part: str) -> tuple[Relation, ...]:
        """The relationships of a part; of the file itself for the empty name."""
        folder, name = posixpath.split(part)
        content = self.parts.get(posixpath.join(folder, "_rels", f"{name}.rels"))
        if content is None:
            return ()
        return tuple(
            _relation(element, folder) for element in parse_xml(content) if local(element) == "Relationship"
        )

    def related(self, part: str, kind: str) -> tuple[str, ...]:
        """The parts of one kind to which a part is related and which exist."""
        return tuple(
            r.target
            for r in self.relations(part)
            if r.kind == kind and not r.external and r.target in self.parts
        )


def open_package(content: bytes) -> Package:
    """Walk and unpack an office file, or refuse it."""
    parts = unpack(content)
    if TYPES not in parts:
        raise RefusedError("structure")
    package = Package(parts, _types(parts))
    _check_contents(package)
    return package


def unpack(content: bytes) -> dict[str, bytes]:
    """Every part of a zip file by its name."""
    start, count, size = _directory(content)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) != count or start + size + _END.size != len(content):
                raise RefusedError("bytes_outside")
            _check_members(members)
            _check_extents(content, members, start)
            return {member.filename: _part(archive, member) for member in members if not member.is_dir()}
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        struct.error,
        ValueError,
        RuntimeError,
        OverflowError,
    ):
        raise RefusedError("truncated") from None


def _directory(content: bytes) -> tuple[int, int, int]:
    """Where the directory begins, how many parts it has, how long it is; its end record is the last thing."""
    if len(content) < _END.size or content[-_END.size :][:4] != b"PK\x05\x06":
        raise RefusedError("bytes_outside" if b"PK\x05\x06" in content[-70_000:] else "truncated")
    _, disk, first, here, count, size, start, comment = _END.unpack(content[-_END.size :])
    if disk or first or here != count or comment:
        raise RefusedError("structure")
    if start + size > len(content):
        raise RefusedError("truncated")
    return start, count, size


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_PARTS:
        raise RefusedError("unpacks_too_large")
    names = [member.filename.casefold() for member in members]
    if len(set(names)) != len(names):
        raise RefusedError("names_twice")
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise RefusedError("encrypted")
    for member in members:
        name = member.filename
        if name.startswith("/") or "\\" in name or ".." in name.split("/") or "\0" in name or member.comment:
            raise RefusedError("structure")
        if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise RefusedError("structure")
        if member.file_size > MAX_PART or (
            member.file_size > _SMALL and member.file_size > MAX_RATIO * max(member.compress_size, 1)
        ):
            raise RefusedError("unpacks_too_large")
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise RefusedError("unpacks_too_large")


def _check_extents(content: bytes, members: list[zipfile.ZipInfo], end: int) -> None:
    """Parts follow each other without a gap, from the first byte to the directory."""
    position = 0
    for member in sorted(members, key=lambda m: m.header_offset):
        if member.header_offset != position:
            raise RefusedError("bytes_outside")
        fields = _LOCAL.unpack(content[position : position + _LOCAL.size])
        name, extra = fields[9], fields[10]
        told = content[position + _LOCAL.size : position + _LOCAL.size + name]
        if fields[0] != b"PK\x03\x04" or told != member.orig_filename.encode(
            "utf-8" if member.flag_bits & 0x800 else "cp437"
        ):
            raise RefusedError("structure")
        _check_extra(content[position + _LOCAL.size + name : position + _LOCAL.size + name + extra])
        _check_extra(member.extra)
        position += _LOCAL.size + name + extra + member.compress_size
        if member.flag_bits & _DESCRIBED:
            position += 16 if content[position : position + 4] == b"PK\x07\x08" else 12
    if position != end:
        raise RefusedError("bytes_outside")


def _check_extra(extra: bytes) -> None:
    """What zip programs write beside a name: clocks, sizes, owners, and zeros to fill up."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        held = extra[at + 4 : at + 4 + length]
        fills = kind == _FILLING and not any(held[4:])
        if len(held) != length or not (fills or (kind in _EXTRAS and length <= _LONGEST_EXTRA)):
            raise RefusedError("bytes_outside")
        at += 4 + length
    if at != len(extra):
        raise RefusedError("bytes_outside")


def _part(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as part:
        content = part.read(member.file_size + 1)
    if len(content) != member.file_size:
        raise RefusedError("truncated")
    if content.startswith(_ARCHIVES):
        raise RefusedError("embedded_file")
    if content.startswith(_RUNS):
        raise RefusedError("active_content")
    return content


def parse_xml(content: bytes) -> Element:
    """The root of an xml part: no entities, no document type, not too deep."""
    from defusedxml import DefusedXmlException  # noqa: PLC0415  # imported when a file needs it
    from defusedxml.ElementTree import ParseError, fromstring  # noqa: PLC0415

    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise RefusedError("active_content") from None
    except (ParseError, ValueError, LookupError, RecursionError):
        raise RefusedError("structure") from None
    _check_depth(root)
    if any(len(element.attrib) > MAX_ATTRIBUTES for element in root.iter()):
        raise RefusedError("structure")
    return root


def _check_depth(root: Element) -> None:
    level = [root]
    for _ in range(MAX_DEPTH):
        level = [child for element in level for child in element]
        if not level:
            return
    raise RefusedError("too_deep", limit=MAX_DEPTH)


def local(element: Element) -> str:
    """An element's name without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """An attribute by its name without namespace; empty when there is none."""
    if name in element.attrib:
        return element.attrib[name]
    return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), "")


def words_of(root: Element) -> str:
    """Every piece of text below an element, in order, one a line."""
    return "\n".join(text.strip() for text in root.itertext() if text.strip())


def _relation(element: Element, folder: str) -> Relation:
    target = element.get("Target", "")
    external = element.get("TargetMode") == "External"
    if not external:
        target = (
            target.lstrip("/")
            if target.startswith("/")
            else posixpath.normpath(posixpath.join(folder, target))
        )
    return Relation(element.get("Id", ""), element.get("Type", "").rpartition("/")[2], target, external)


def _types(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The kind of content of each part that the table of contents names."""
    by_name: dict[str, str] = {}
    by_ending: dict[str, str] = {}
    for element in parse_xml(parts[TYPES]):
        kind = element.get("ContentType", "").lower()
        if local(element) == "Override":
            by_name[element.get("PartName", "").lstrip("/").casefold()] = kind
        elif local(element) == "Default":
            by_ending[element.get("Extension", "").casefold()] = kind
    named = {
        name: by_name.get(name.casefold(), by_ending.get(name.rpartition(".")[2].casefold(), ""))
        for name in parts
    }
    return {name: kind for name, kind in named.items() if kind}


def _check_contents(package: Package) -> None:
    """Every part is named by the table of contents and reached by relationships from the file."""
    if set(package.parts) - {TYPES} - set(package.types):
        raise RefusedError("unlisted_part")
    reached, waiting = {TYPES}, [""]
    while waiting:
        part = waiting.pop()
        folder, name = posixpath.split(part)
        reached.add(posixpath.join(folder, "_rels", f"{name}.rels"))
        for relation in package.relations(part):
            if not relation.external and relation.target in package.parts and relation.target not in reached:
                reached.add(relation.target)
                waiting.append(relation.target)
    if set(package.parts) - reached:
        raise RefusedError("unlisted_part")
