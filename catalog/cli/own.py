"""Keeping the set of the source's own identifiers in step with the source, after something was taken in.

Whoever takes something in may do this; it tells nobody anything. When a command is killed before it, the same
command run again does it, and no extract is cut before it was done.
"""

from catalog.adapters.producer import open_producer
from enclave.adapters.foundation import Foundation


def renew_own(house: Foundation) -> None:
    """The matcher's set is of the source as it is now."""
    producer = open_producer(house.settings, house.fresh)
    producer.own.renew(producer.schema, producer.source.version(), house.clock.now())
