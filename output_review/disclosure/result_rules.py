"""The rules on kinds of results, in the order in which they run; ``checks`` runs them with the others.

Each takes a file and the policy and gives findings. A rule that is not listed here does not exist.
"""

from collections.abc import Callable, Iterable

from output_review.disclosure import (
    code_lists,
    curves,
    fine_classes,
    models,
    person_stories,
    positions,
    regions,
    shares,
    split_points,
    told_numbers,
)
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding
from output_review.disclosure.policy import DisclosurePolicy

Check = Callable[[ExaminedFile, DisclosurePolicy], Iterable[Finding]]

RESULT_CHECKS: tuple[tuple[str, Check], ...] = (
    ("municipalities", regions.check_municipalities),
    ("region_insurer", lambda file, _: regions.check_region_insurer(file)),
    ("facilities", regions.check_facilities),
    ("fine_classes", fine_classes.check_fine_classes),
    ("drug_volumes", code_lists.check_drug_volumes),
    ("code_lists", code_lists.check_code_lists),
    ("class_disclosure", shares.check_class_disclosure),
    ("extremes", lambda file, _: positions.check_extremes(file)),
    ("told_numbers", told_numbers.check_told_numbers),
    ("percentiles", positions.check_percentiles),
    ("degrees_of_freedom", models.check_degrees_of_freedom),
    ("person_terms", lambda file, _: models.check_person_terms(file)),
    ("saturated_models", models.check_saturated),
    ("moments", models.check_moments),
    ("survival", curves.check_survival),
    ("curves", curves.check_curves),
    ("trees", curves.check_trees),
    ("split_points", lambda file, _: split_points.check_split_points(file)),
    ("person_stories", lambda file, _: person_stories.check_person_stories(file)),
)
