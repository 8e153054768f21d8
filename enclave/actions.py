"""Every action a person can ask for, as one enum: ``room:thing:verb``.

A new page, route or command that changes state needs its line here first; the audit kind
of what happened is named where the event is made, the permission is named here.
"""

from enum import StrEnum


class Action(StrEnum):
    """What can be asked for. The value is stable: it stands in the ledger."""

    SIGN_IN = "enclave:session:sign_in"
    PROPOSE = "enclave:proposal:propose"
    ADOPT = "enclave:proposal:adopt"
    SUSPEND_PERSON = "enclave:person:suspend"
    END_CONTRACT = "enclave:contract:end"
    WITHDRAW_CERTIFICATION = "enclave:certification:withdraw"
    READ_LEDGER = "enclave:ledger:read"
    START_WORKSPACE = "hub:workspace:start"
    ERASE_WORKSPACE = "hub:workspace:erase"
    INGEST_SOURCE = "catalog:source:ingest"
    PUBLISH_CATALOGUE = "catalog:catalogue:publish"
    ADD_OPTOUT = "catalog:optout:add"
    ERASE_PROJECT = "hub:project:erase"
    ASSESS_RISK = "catalog:risk:assess"
    ACCEPT_RISK = "catalog:risk:accept"
    BUILD_EXTRACT = "catalog:extract:build"
    CHANGE_BOX = "catalog:officers:change"
    OPEN_BOX = "catalog:officers:open"
    CLOSE_BOX = "catalog:officers:close"
    OPEN_INQUIRY = "catalog:inquiry:open"
    ANSWER_INQUIRY = "catalog:inquiry:answer"
    ROTATE_KEYS = "enclave:keys:rotate"
    HAND_IN = "output_review:request:hand_in"
    CONFIRM_REQUEST = "output_review:request:confirm"
    WITHDRAW_REQUEST = "output_review:request:withdraw"
    READ_REQUEST = "output_review:request:read"
    REVIEW_FILE = "output_review:review:vote"
    COMPLETE_REVIEW = "output_review:review:complete"
    RETURN_REQUEST = "output_review:request:return"
    RELEASE_REQUEST = "output_review:request:release"
    DOWNLOAD_RELEASE = "output_review:release:download"
