"""The rules by which a view is refused, each the name of exactly one control.

The first tuple is the wall between identifiers and extracts: take any one of its rules away
and there is a view, refused by that rule alone, whose extract changes when nothing but
identifiers of the source (or the order its rows lie in, which follows them) changed. The tests
take them away one by one. The others keep a view readable, resolvable and within its profile.
"""

INTERFERENCE_RULES = (
    # identifiers and free text stand nowhere
    "direct_identifier",
    "free_text",
    # a key is used only where every renaming of the keys gives the same
    "key_in_output",
    "key_with_value",
    "key_of_other_kind",
    "key_in_arithmetic",
    "key_in_range",
    "key_in_order",
    "key_in_cast",
    "key_in_aggregate",
    "key_in_function",
    "key_in_collection",
    "key_in_window",
    "key_mixed",
    "pseudonym_argument",
    # nothing is chosen by the order in which rows lie
    "limit",
    "sample",
    "window_order",
    "aggregate_order",
    "distinct_on_order",
    "join_kind",
    # nothing is reached that was not resolved here
    "unknown_column",
    "positional_column",
    "columns_expression",
    "table_function",
    # nothing differs from one run to the next
    "changing_function",
)
"""Rules without which identifiers interfere with an extract."""

OTHER_RULES = (
    "ambiguous",
    "anon_birth",
    "anon_code",
    "anon_event",
    "anon_measure",
    "anon_region",
    "column_name",
    "construct",
    "duplicate_column",
    "function",
    "no_columns",
    "not_a_select",
    "one_statement",
    "rare_argument",
    "recursive",
    "scrub_argument",
    "shift_mixed",
    "shift_person",
    "shift_twice",
    "shift_undone",
    "staff_in_output",
    "syntax",
    "too_long",
    "transform_arguments",
    "transform_profile",
    "transform_type",
    "type",
    "unknown_table",
)
"""Rules that keep a view readable, resolvable and within its profile, and staff out of it."""
