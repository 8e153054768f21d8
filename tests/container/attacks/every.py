"""Every attack there is, in the order in which they run: what spoils a house comes last."""

from tests.container.attacks import (
    addresses,
    brokers,
    budgets,
    channels,
    files,
    insides,
    links,
    people,
    records,
    resources,
)
from tests.support.attack_table import Attack, check_ids

EVERY: tuple[Attack, ...] = check_ids(
    (
        *people.ATTACKS,
        *addresses.ATTACKS,
        *files.ATTACKS,
        *links.ATTACKS,
        *channels.ATTACKS,
        *insides.ATTACKS,
        *resources.ATTACKS,
        *brokers.ATTACKS,
        *records.ATTACKS,
        *budgets.ATTACKS,
    )
)
