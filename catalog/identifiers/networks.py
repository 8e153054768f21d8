"""Places in networks and storage that lead to one person: URL, IP and MAC addresses, UIDs, SS-MIX2 paths.

1. A URL is for people to look at; with a query, a long number, a private host or a patient's word in it,
   it is likely to lead to a record. References to public sites without a query are none.
2. Four numbers with dots are an IP address unless they are a version or part of an object identifier.
3. An SS-MIX2 path or file name begins with the patient's id (SS-MIX2 storage specification: three
   characters, three characters, the id, the day, the kind of data).
"""

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv6Address

from catalog.identifiers.hits import Certainty, Hit
from catalog.identifiers.numbers import NO_UNIT, SHAPE
from catalog.identifiers.readings import Reading

_URL = re.compile(
    r"(?<![0-9A-Za-z])(?:(?:https?|ftps?|sftp|file|smb|s3|gs|postgres(?:ql)?|mysql|jdbc:\w+)://|www\.)[0-9A-Za-z!#$%&'*+,./:;=?@_~|-]+",
    re.IGNORECASE,
)
_PUBLIC = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)*(?:doi\.org|github\.com|gitlab\.com|[\w-]+\.go\.jp|nih\.gov|who\.int|python\.org|r-project\.org|w3\.org|creativecommons\.org"
    r"|orcid\.org|arxiv\.org|bioconductor\.org|pydata\.org|scipy\.org|numpy\.org|matplotlib\.org|purl\.org|scikit-learn\.org|statsmodels\.org|tidyverse\.org|readthedocs\.io|wikipedia\.org|equator-network\.org|hl7\.org|hl7\.jp|loinc\.org"
    r"|medis\.or\.jp|jpma\.or\.jp|ema\.europa\.eu|fda\.gov|europa\.eu|cran\.r-project\.org)(?=[/:]|$)[^?#@]*",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"[?&=#]|[0-9]{5}|@|//(?:localhost|[^/.]+(?:[:/]|$)|[0-9.]+)|\.(?:local|internal|lan|corp|intra)|patient|karte|kanja|pid|emr|ehr|chart",
    re.IGNORECASE,
)
_IPV4 = re.compile(
    r"(?<![0-9.])(?<![0-9][-/,])(?:(?<![A-Za-z])|(?<=[Ii][Pp]))(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?![0-9A-Za-z])(?!\.[0-9])"
)
_VERSION_BEFORE = re.compile(
    r"(?:version|ver\.?|バージョン|版|release|リリース|build|第|節|章|項|表|図|[(（][Vv]|(?<![a-z])v)\s?$|==\s?$|[~^><]=?\s?$",
    re.IGNORECASE,
)
_VERSIONS = re.compile(
    r"version|ver\b|pkg|package|library|バージョン|版|パッケージ|ライブラリ", re.IGNORECASE
)
"""A column of versions."""
_IPV6 = re.compile(
    r"(?<![0-9A-Za-z])(?<![0-9A-Fa-f]:)[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![0-9A-Za-z:])"
)
_MAC = re.compile(
    r"(?<![0-9A-Za-z:-])(?:[0-9A-Fa-f]{2}([:-]))(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![0-9A-Za-z:-])"
)
_UID = re.compile(r"(?<![0-9.])(?:1\.[23]\.(?!392\.|840\.10008\.)|2\.25\.)[0-9]+(?:\.[0-9]+){2,}(?![0-9])")
_SSMIX_FILE = re.compile(
    r"(?<![0-9A-Za-z])[0-9A-Za-z-]{3,15}_(?:[0-9]{8}|-)_[A-Z]{3}(?:-[0-9]{2})?_[0-9A-Za-z-]{1,22}_[0-9]{8,17}(?:_[0-9A-Za-z-]{1,5}(?:_[0-9])?)?"
)
_SSMIX_PATH = re.compile(
    r"(?<![0-9A-Za-z])(?P<a>[0-9A-Za-z-]{3})[/\\](?P<b>[0-9A-Za-z-]{1,3})[/\\](?P=a)(?P=b)[0-9A-Za-z-]*(?:[/\\](?:[0-9]{8}|-))?(?:[/\\][A-Z]{3}(?:-[0-9]{2})?(?![0-9A-Za-z]))?(?:[/\\](?P=a)(?P=b)[0-9A-Za-z_-]*)?"
)
_KARTE_PATH = re.compile(
    r"(?:(?:patients?|karte|kanja|charts?|患者|カルテ|症例)[/\\_-](?P<path>[A-Za-z]{0,3}-?[0-9]{4,15})"
    r"|(?<![A-Za-z])(?:pt|pat|subj|case|kanja|karte|mrn|pid|患者|症例|カルテ)[ _-]?(?P<stem>[A-Za-z]?[0-9]{5,12}))(?![0-9A-Za-z])(?!-[0-9A-Za-z])"
    + NO_UNIT,
    re.IGNORECASE,
)


def find_urls(reading: Reading) -> Iterator[Hit]:
    """URLs, other than references to public sites."""
    for match in _URL.finditer(reading.text):
        url = match.group().rstrip(".,;:'")
        if not _PUBLIC.fullmatch(url):
            sure = Certainty.LIKELY if _LEADS.search(url) else Certainty.WEAK
            yield reading.hit("url", (match.start(), match.start() + len(url)), sure, SHAPE)


def find_network_addresses(reading: Reading) -> Iterator[Hit]:
    """IP and MAC addresses."""
    for match in _IPV4.finditer(reading.digits):
        version = _VERSION_BEFORE.search(reading.before(match.start())) or _VERSIONS.search(reading.context)
        if not version:
            yield reading.hit("ip", match.span(), Certainty.LIKELY, SHAPE)
    for match in _IPV6.finditer(reading.text):
        if _is_ipv6(match.group()):
            yield reading.hit("ip", match.span(), Certainty.LIKELY, SHAPE)
    for match in _MAC.finditer(reading.text):
        yield reading.hit("mac", match.span(), Certainty.LIKELY, SHAPE)


def _is_ipv6(text: str) -> bool:
    """A valid address that is no clock time and no bare pair of colons."""
    if sum(bool(group) for group in text.split(":")) < 3 or re.fullmatch(r"[0-9]{1,2}(?::[0-9]{2})+", text):
        return False
    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True


def find_record_places(reading: Reading) -> Iterator[Hit]:
    """SS-MIX2 paths and file names, folders named by a patient, and UIDs of images."""
    for pattern in (_SSMIX_FILE, _SSMIX_PATH):
        for match in pattern.finditer(reading.text):
            yield reading.hit("ssmix_path", match.span(), Certainty.CERTAIN, SHAPE)
    for match in _KARTE_PATH.finditer(reading.text):
        yield reading.hit("chart_number", match.span(match.lastgroup or 0), Certainty.LIKELY, SHAPE)
    for match in _UID.finditer(reading.text):
        if len(match.group()) >= 18:
            yield reading.hit("record_number", match.span(), Certainty.LIKELY, SHAPE)
