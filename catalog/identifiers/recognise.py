"""The one entry for everything that recognises: an ordered table, read from top to bottom.

1. Every recogniser has an id, the kinds it gives, the source of its format, and its check digit rule.
2. A text is prepared once and read by all of them; names are read by ``names`` in the same way.
3. Overlaps are resolved once, at the end, by the rule in ``hits``.
4. Nothing is caught here: a recogniser that fails makes the whole recognition fail, and its caller
   blocks. A text that was not read to its end was not read.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from catalog.identifiers import (
    addresses,
    bare_numbers,
    contacts,
    days,
    facilities,
    insured,
    names,
    networks,
    numbers,
    positions,
    sheets,
)
from catalog.identifiers.gazetteer import Gazetteer
from catalog.identifiers.hits import Hit, without_overlaps
from catalog.identifiers.known_people import NOBODY, KnownPeople, marked
from catalog.identifiers.number_kinds import HARMLESS, KINDS
from catalog.identifiers.readings import Reading, read
from catalog.identifiers.words import Tokeniser


@dataclass(frozen=True, slots=True)
class Dictionaries:
    """What recognisers look things up in: words for names, places for postal codes and addresses."""

    words: Tokeniser | None = None
    places: Gazetteer | None = None
    people: KnownPeople = NOBODY
    """Whom the text may name: their names are found all the same, and marked."""


NO_DICTIONARIES = Dictionaries()
"""Names are not looked for, and addresses by their form alone."""


@dataclass(frozen=True, slots=True)
class Recogniser:
    """One row of the table."""

    id: str
    kinds: tuple[str, ...]
    find: Callable[[Reading], Iterable[Hit]]
    source: str
    check: str = "none"


TABLE: tuple[Recogniser, ...] = (
    Recogniser(
        "labelled_number",
        tuple(row.kind for row in KINDS if row.kind != HARMLESS),
        numbers.find_labelled_numbers,
        "one row each in number_kinds",
        "one row each in number_kinds",
    ),
    Recogniser(
        "bare_number",
        tuple(dict.fromkeys(form.kind for form in bare_numbers.FORMS)),
        bare_numbers.find_bare_numbers,
        "forms that need no label",
        "check_digits, or groups that nothing else has",
    ),
    Recogniser(
        "lettered_number",
        ("passport", "residence_card"),
        bare_numbers.find_lettered_numbers,
        "旅券法施行規則, 出入国管理及び難民認定法施行規則, ICAO 9303",
    ),
    Recogniser(
        "sheet",
        tuple(row.kind for row in KINDS if row.kind != HARMLESS),
        sheets.find_in_sheets,
        "the header of a column is the label of its cells",
    ),
    Recogniser(
        "insured_number",
        ("insured_number", "insurer_number", "public_payer_number", "recipient_number"),
        insured.find_insured_numbers,
        "健康保険法施行規則, オンライン資格確認等システム, オンライン又は光ディスク等による請求に係る記録条件仕様",
    ),
    Recogniser(
        "name",
        ("name",),
        names.find_names,
        "SudachiDict's names and costs, titles and labels",
    ),
    Recogniser("phone", ("phone",), contacts.find_phones, "電気通信番号規則", "the numbering plan"),
    Recogniser("email", ("email",), contacts.find_emails, "RFC 5321 addresses as people write them"),
    Recogniser(
        "postal_code", ("postal_code",), contacts.find_postal_codes, "Japan Post", "a code that exists"
    ),
    Recogniser(
        "birth_date",
        ("birth_date", "event_date"),
        days.find_personal_days,
        "JIS X 0301, receipts",
        "the calendar",
    ),
    Recogniser(
        "address",
        ("address",),
        addresses.find_addresses,
        "住居表示に関する法律, Japan Post",
        "a place that exists",
    ),
    Recogniser(
        "coordinates",
        ("coordinates",),
        positions.find_positions,
        "ISO 6709, Open Location Code, Geohash, JIS X 0410",
    ),
    Recogniser(
        "facility", ("facility",), facilities.find_facilities, "names of institutions end in their kind"
    ),
    Recogniser("url", ("url",), networks.find_urls, "RFC 3986"),
    Recogniser(
        "network_address", ("ip", "mac"), networks.find_network_addresses, "RFC 791, RFC 4291, IEEE 802"
    ),
    Recogniser(
        "record_place",
        ("ssmix_path", "chart_number", "record_number"),
        networks.find_record_places,
        "SS-MIX2 storage specification, DICOM PS3.5",
    ),
)


def recognise(
    text: str,
    *,
    context: str = "",
    dictionaries: Dictionaries = NO_DICTIONARIES,
    table: tuple[Recogniser, ...] = TABLE,
) -> tuple[Hit, ...]:
    """Every identifier of a text, in order, without overlaps; offsets count the text's own characters.

    ``context`` is what is known from outside: a column's header, a key. Without dictionaries names are not
    looked for, and postal codes and addresses by their form alone.
    """
    reading = read(text, context, dictionaries.words, dictionaries.places)
    hits = without_overlaps(hit for recogniser in table for hit in recogniser.find(reading))
    return tuple(marked(hit, text, dictionaries.people) for hit in hits)
