"""Views that must be refused, with the rule that must refuse them, and views that must not be."""

from tests.support.catalog_views_anonymous import ANONYMOUS
from tests.support.catalog_views_features import FEATURES
from tests.support.catalog_views_identifiers import IDENTIFIERS
from tests.support.catalog_views_keys import KEYS
from tests.support.catalog_views_measures import MEASURES
from tests.support.catalog_views_reach import REACH
from tests.support.catalog_views_sly import SLY
from tests.support.catalog_views_stewards import STEWARDS
from tests.support.catalog_views_studies import STUDIES

HOSTILE: dict[str, tuple[str, str]] = {**IDENTIFIERS, **KEYS, **REACH, **SLY}
HONEST: dict[str, str] = {**FEATURES, **STEWARDS, **STUDIES, **MEASURES}
HONEST_ANONYMOUS: dict[str, str] = ANONYMOUS
