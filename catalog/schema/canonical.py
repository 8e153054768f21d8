"""The canonical schema as one value, and its digest."""

from catalog.schema.claims import CLAIM, CLAIM_LINE
from catalog.schema.clinical import DIAGNOSIS, DOCUMENT, ENCOUNTER, LAB_RESULT, PRESCRIPTION, PROCEDURE
from catalog.schema.columns import schema_digest, schema_of
from catalog.schema.people import PATIENT, PATIENT_IDENTITY

CANONICAL = schema_of(
    (
        PATIENT,
        PATIENT_IDENTITY,
        ENCOUNTER,
        DIAGNOSIS,
        PRESCRIPTION,
        LAB_RESULT,
        PROCEDURE,
        CLAIM,
        CLAIM_LINE,
        DOCUMENT,
    )
)
"""Every table of the source."""

CANONICAL_DIGEST = schema_digest(CANONICAL)
"""What an approval of a view is bound to."""
