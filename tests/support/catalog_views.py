"""Views that must be refused, with the rule that must refuse them, and views that must not be."""

from tests.support.catalog_views_features import FEATURES
from tests.support.catalog_views_identifiers import IDENTIFIERS
from tests.support.catalog_views_keys import KEYS
from tests.support.catalog_views_reach import REACH
from tests.support.catalog_views_stewards import STEWARDS

HOSTILE: dict[str, tuple[str, str]] = {**IDENTIFIERS, **KEYS, **REACH}
HONEST: dict[str, str] = {**FEATURES, **STEWARDS}
