"""What a desk asks of the display budget, and how long nobody used it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from enclave.display import Channel
from enclave.use_cases.meter import Asked
from output_review.intake_fields import bad, count, hex_id, one_of

LONGEST_IDLE = 10_000_000
_CHANNELS = {channel.value: channel for channel in Channel}


def asked_of(sent: Mapping[str, Any]) -> Asked:
    """A lease that is asked for.

    Raises:
        InvalidInputError: a field is missing or has another form.
    """
    channel = _CHANNELS[one_of(sent, "kind", _CHANNELS)]
    asked = Asked(hex_id(sent, "lease"), channel, count(sent, "least"), count(sent, "most"))
    if asked.least > asked.most:
        raise bad("least")
    return asked


def returned_of(sent: Mapping[str, Any]) -> tuple[str, int]:
    """The lease and how much of it was not used."""
    return hex_id(sent, "lease"), count(sent, "unused")


def idle_of(sent: Mapping[str, Any]) -> timedelta:
    """How long nobody used the workspace; a busy kernel is in use."""
    busy, idle = count(sent, "busy"), count(sent, "idle_seconds", LONGEST_IDLE)
    return timedelta(0) if busy else timedelta(seconds=idle)
