"""Which places exist: Japan Post's postal codes and the names of municipalities and town areas.

A seven-digit number is a postal code only if Japan Post gives it to a place, and a municipality's
name without its prefecture is recognised only if there is one. The table is read by an adapter
(``catalog.adapters.japan_post``) and handed in; without it recognisers fall back on form alone and
say so by a lower certainty.
"""

from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Gazetteer:
    """Postal codes as seven digits; municipalities (文京区, 札幌市中央区) and towns (本郷) in folded form."""

    postal_codes: frozenset[str] = field(repr=False)
    municipalities: frozenset[str] = field(repr=False)
    towns: frozenset[str] = field(repr=False)

    def has_postal_code(self, digits: str) -> bool:
        """Whether Japan Post gives this code to a place or to an office."""
        return digits in self.postal_codes

    @cached_property
    def longest_municipality(self) -> int:
        """Characters of the longest name of a municipality; 0 when there is none."""
        return max(map(len, self.municipalities), default=0)
