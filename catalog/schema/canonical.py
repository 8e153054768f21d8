"""The canonical schema as one value, and its digest.

A table that speaks of people has the column ``patient_key``; one without it is a code table and
speaks of nobody. The order of the tables decides where a kind of key is at home.
"""

from catalog.schema.care import IMAGING_STUDY, INJECTION, PRESCRIPTION, PROCEDURE
from catalog.schema.claims import CLAIM, CLAIM_LINE
from catalog.schema.code_tables import CODE_TABLES
from catalog.schema.columns import schema_digest, schema_of
from catalog.schema.dpc import DPC_D, DPC_EF, DPC_FORM1, DPC_H, DPC_K
from catalog.schema.encounters import DIAGNOSIS, DOCUMENT, ENCOUNTER, ENCOUNTER_EVENT
from catalog.schema.observations import ALLERGY, LAB_RESULT, VITAL
from catalog.schema.people import PATIENT, PATIENT_IDENTITY
from catalog.schema.public_health import (
    BIRTH,
    DEATH,
    HEALTH_CHECKUP,
    LTC_BENEFIT,
    LTC_CERTIFICATION,
    PREGNANCY,
    VACCINATION,
)

CANONICAL = schema_of(
    (
        PATIENT,
        PATIENT_IDENTITY,
        ENCOUNTER,
        ENCOUNTER_EVENT,
        DIAGNOSIS,
        PRESCRIPTION,
        INJECTION,
        LAB_RESULT,
        VITAL,
        PROCEDURE,
        DPC_FORM1,
        DPC_EF,
        DPC_D,
        DPC_H,
        DPC_K,
        CLAIM,
        CLAIM_LINE,
        HEALTH_CHECKUP,
        LTC_CERTIFICATION,
        LTC_BENEFIT,
        VACCINATION,
        DEATH,
        ALLERGY,
        PREGNANCY,
        BIRTH,
        IMAGING_STUDY,
        DOCUMENT,
        *CODE_TABLES,
    )
)
"""Every table of the source."""

CANONICAL_DIGEST = schema_digest(CANONICAL)
"""The whole of it in one number."""
