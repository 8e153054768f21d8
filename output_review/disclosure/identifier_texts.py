"""What is said of each kind of identifier, how heavy it weighs, and under which rule.

1. What names or reaches a person is to be fixed. What names an institution or an address of a network is
   for people to look at, and so is every weak suspicion.
2. A rule's name is ``ID.`` and the kind; a kind that this table does not know is a REVIEW, never nothing.
3. No sentence holds the value that was found.
"""

from catalog.identifiers.hits import Certainty, Hit
from catalog.identifiers.known_people import AUTHOR, MEMBER
from enclave.sentences import Sentence, say
from output_review.disclosure.findings import Finding, Place, Severity

_FIX = Severity.FIX
_REVIEW = Severity.REVIEW

KINDS: dict[str, tuple[Severity, Sentence]] = {
    "name": (_FIX, say("This looks like the name of a person.")),
    "my_number": (_FIX, say("This looks like an individual number (My Number).")),
    "corporate_number": (_REVIEW, say("This looks like a corporate number.")),
    "insurer_number": (_FIX, say("This looks like the number of a health insurer.")),
    "insured_number": (_FIX, say("This looks like the symbol and number of an insured person.")),
    "public_payer_number": (_FIX, say("This looks like the number of a public payer.")),
    "recipient_number": (_FIX, say("This looks like the number of a recipient of public payment.")),
    "pension_number": (_FIX, say("This looks like a basic pension number.")),
    "late_elderly_number": (
        _FIX,
        say("This looks like an insured person's number of the medical care for the elderly."),
    ),
    "care_insured_number": (_FIX, say("This looks like an insured person's number of long-term care.")),
    "employment_number": (_FIX, say("This looks like an employment insurance number.")),
    "driving_licence": (_FIX, say("This looks like the number of a driving licence.")),
    "passport": (_FIX, say("This looks like the number of a passport.")),
    "residence_card": (_FIX, say("This looks like the number of a residence card.")),
    "resident_code": (_FIX, say("This looks like a resident record code.")),
    "physician_registration": (_FIX, say("This looks like the registration number of a clinician.")),
    "narcotics_licence": (
        _FIX,
        say("This looks like the licence number of a clinician who handles narcotics."),
    ),
    "facility_code": (_REVIEW, say("This looks like the code of a medical institution.")),
    "chart_number": (_FIX, say("This looks like a patient's chart number or identifier.")),
    "record_number": (
        _FIX,
        say("This looks like the number of an order, a specimen or a receipt; such numbers join tables."),
    ),
    "id_number": (_FIX, say("This number is called an identifier.")),
    "card_number": (_FIX, say("This looks like the number of a card or an account.")),
    "ssmix_path": (
        _FIX,
        say("This looks like a place in an SS-MIX2 storage, which holds a patient's identifier."),
    ),
    "phone": (_FIX, say("This looks like a telephone number.")),
    "email": (_FIX, say("This looks like an e-mail address.")),
    "postal_code": (_FIX, say("This looks like a postal code.")),
    "address": (_FIX, say("This looks like an address.")),
    "coordinates": (_FIX, say("This looks like a point on a map.")),
    "birth_date": (_FIX, say("This looks like a date of birth.")),
    "event_date": (
        _FIX,
        say("This looks like the day of an event in a patient's life; it is finer than a month."),
    ),
    "facility": (_REVIEW, say("This looks like the name of a medical institution.")),
    "url": (_REVIEW, say("This looks like an address in a network that may lead to a record.")),
    "ip": (_REVIEW, say("This looks like the address of a machine.")),
    "mac": (_REVIEW, say("This looks like the address of a device.")),
}
_REMEDY = say("Remove it, or say it in a way that holds for many persons.")
_NAMED = {
    MEMBER: say("This is the name of a member of the project, who stands on its permit."),
    AUTHOR: say("This is a name that the request itself states as an author's."),
}
_UNKNOWN = say("This looks like an identifier.")


def identifier_finding(hit: Hit, place: Place) -> Finding:
    """The finding on one hit at its place in the file."""
    severity, message = KINDS.get(hit.kind, (_REVIEW, _UNKNOWN))
    if hit.certainty is Certainty.WEAK:
        severity = _REVIEW
    if hit.kind == "name":
        message = _NAMED.get(hit.form, message)
    return Finding(f"ID.{hit.kind}", severity, place, message, _REMEDY)
