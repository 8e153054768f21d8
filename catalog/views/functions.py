"""The functions and types a view may use: harmless ones, the same on every run and in every order of rows.

1. A function that is in none of these lists is refused, whatever it would do. So nothing reads a
   file, asks the environment, or hashes.
2. Functions that ask the clock or draw are refused by a rule of their own (``changing_function``).
3. Aggregates here give the same for every order of rows; those that do not are listed apart
   (``ORDERED_AGGREGATES``) and need an ORDER BY of their own (``catalog.views.windows``).
4. The class a function has in the parser decides; ``NAMES`` are those the parser has no class for.
"""

from sqlglot import exp

AGGREGATES: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.Sum, exp.Avg, exp.Min, exp.Max, exp.Median, exp.Quantile, exp.PercentileCont, exp.PercentileDisc,
        exp.Stddev, exp.StddevSamp, exp.StddevPop, exp.Variance, exp.VariancePop, exp.Corr, exp.CovarPop,
        exp.CovarSamp, exp.RegrSlope, exp.RegrIntercept, exp.RegrR2, exp.RegrCount, exp.RegrAvgx,
        exp.RegrAvgy, exp.RegrSxx, exp.RegrSxy, exp.RegrSyy, exp.Skewness, exp.Kurtosis, exp.CountIf,
        exp.LogicalAnd, exp.LogicalOr, exp.BitwiseAndAgg, exp.BitwiseOrAgg, exp.BitwiseXorAgg,
    }
)  # fmt: skip
"""Aggregates whose result does not depend on the order of rows."""

ORDERED_AGGREGATES: frozenset[type[exp.Expr]] = frozenset(
    {exp.ArrayAgg, exp.GroupConcat, exp.First, exp.Last, exp.AnyValue}
)
"""Aggregates that take rows in an order, which the view has to state."""

SETTLED_AGGREGATES: frozenset[type[exp.Expr]] = frozenset({exp.ArgMax, exp.ArgMin, exp.Mode})
"""Aggregates that choose among equals, in an order that the compiler adds."""

RANKS: frozenset[type[exp.Expr]] = frozenset({exp.Rank, exp.DenseRank, exp.PercentRank, exp.CumeDist})
"""Window functions in which equal rows get the same."""

NUMBERINGS: frozenset[type[exp.Expr]] = frozenset({exp.RowNumber, exp.Ntile})
"""Window functions that count rows in an order."""

NEIGHBOURS: frozenset[type[exp.Expr]] = frozenset(
    {exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue, exp.NthValue}
)
"""Window functions that give another row's value."""

PREDICATES: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.Like, exp.ILike, exp.SimilarTo, exp.Glob,
        exp.RegexpLike, exp.RegexpFullMatch, exp.StartsWith, exp.EndsWith, exp.Contains, exp.ArrayContains,
        exp.ArrayOverlaps, exp.IsNan, exp.IsInf,
    }
)  # fmt: skip
"""Whether something holds: a truth value in which no value leaves."""

ARITHMETIC: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Neg, exp.Abs, exp.Round, exp.Floor,
        exp.Ceil, exp.Trunc, exp.Sqrt, exp.Cbrt, exp.Pow, exp.Exp, exp.Ln, exp.Log, exp.Sign, exp.Pi, exp.Sin,
        exp.Cos, exp.Tan, exp.Asin, exp.Acos, exp.Atan, exp.Atan2, exp.Degrees, exp.Radians, exp.Factorial,
        exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor, exp.BitwiseNot, exp.BitwiseLeftShift,
        exp.BitwiseRightShift, exp.BitwiseCount, exp.Xor,
    }
)  # fmt: skip

COLLECTIONS: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.Struct, exp.PropertyEQ, exp.Array, exp.Map, exp.ToMap, exp.Tuple, exp.Bracket, exp.Slice, exp.Dot,
        exp.StructExtract, exp.ArraySize, exp.ArrayMax, exp.ArrayMin, exp.ArraySum, exp.ArraySort,
        exp.ArrayDistinct, exp.ArrayConcat, exp.ArrayToString, exp.ArrayPosition, exp.ArrayReverse,
        exp.Flatten, exp.MapKeys, exp.MapFromEntries, exp.MapSize, exp.MapContainsKey, exp.Explode,
        exp.GenerateSeries,
    }
)  # fmt: skip
"""Lists, structs and maps, and what looks into them."""

TEXT: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.DPipe, exp.Concat, exp.ConcatWs, exp.Lower, exp.Upper, exp.Length, exp.Substring, exp.Left,
        exp.Right, exp.Trim, exp.Replace, exp.Pad, exp.StrPosition, exp.SplitPart, exp.Split, exp.Repeat,
        exp.Reverse, exp.Ascii, exp.Chr, exp.Unicode, exp.Translate, exp.Format, exp.RegexpExtract,
        exp.RegexpExtractAll, exp.RegexpReplace, exp.RegexpSplit, exp.Levenshtein, exp.Escape,
    }
)  # fmt: skip

DATES: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.DateDiff, exp.DateAdd, exp.DateSub, exp.DateTrunc, exp.TimestampTrunc, exp.Extract, exp.Year,
        exp.Quarter, exp.Month, exp.Day, exp.Hour, exp.Minute, exp.Second, exp.DayOfWeek, exp.DayOfWeekIso,
        exp.DayOfYear, exp.DayOfMonth, exp.Week, exp.WeekOfYear, exp.YearOfWeek, exp.LastDay, exp.Dayname,
        exp.Monthname, exp.Date, exp.TimeToStr, exp.StrToTime, exp.StrToDate, exp.DateFromParts,
        exp.TimestampFromParts, exp.TimeFromParts, exp.TimeToUnix, exp.UnixToTime, exp.DateBin, exp.ToDays,
    }
)  # fmt: skip

LOGIC: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.Literal, exp.Null, exp.Boolean, exp.Paren, exp.Var, exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ,
        exp.NullSafeEQ, exp.NullSafeNEQ, exp.Is, exp.Case, exp.If, exp.Coalesce, exp.Nullif, exp.Greatest,
        exp.Least, exp.Any, exp.All, exp.Grouping, exp.GroupingId, exp.Try,
    }
)  # fmt: skip

WHOLE = frozenset().union(
    LOGIC, PREDICATES, ARITHMETIC, TEXT, DATES, COLLECTIONS,
    AGGREGATES, ORDERED_AGGREGATES, SETTLED_AGGREGATES, RANKS, NEIGHBOURS, {exp.Ntile, exp.IgnoreNulls},
)  # fmt: skip
"""Kinds of node that hold nothing but expressions, which are judged in turn."""

AGGREGATE_NAMES = frozenset(
    {
        "entropy", "product", "geomean", "geometric_mean", "fsum", "kahan_sum", "sumkahan", "favg", "sem",
        "mad", "histogram", "kurtosis_pop",
    }
)  # fmt: skip

PREDICATE_NAMES = frozenset(
    {"prefix", "suffix", "isfinite", "list_has_any", "list_has_all", "array_has_any", "array_has_all"}
)

NAMES = frozenset().union(
    AGGREGATE_NAMES,
    PREDICATE_NAMES,
    {
        "date_part", "datepart", "date_sub", "datesub", "datetrunc", "age", "to_months", "to_years", "to_weeks",
        "to_quarters", "to_decades", "to_hours", "to_minutes", "to_seconds", "to_milliseconds", "yearweek",
        "isoyear", "julian", "century", "decade", "era", "weekday", "epoch_us", "epoch_ns", "try_strptime",
        "millisecond", "microsecond", "gcd", "lcm", "greatest_common_divisor", "least_common_multiple",
        "bit_count", "even", "divide", "fdiv", "fmod", "add", "subtract", "multiply", "round_even", "roundbankers", "cot",
        "gamma", "lgamma", "signbit", "nextafter", "log10", "log2", "printf", "nfc_normalize", "strip_accents",
        "ord", "bar", "left_grapheme", "right_grapheme", "length_grapheme", "substring_grapheme", "strlen",
        "regexp_split_to_array", "string_split_regex", "str_split_regex", "jaccard", "jaro_similarity",
        "jaro_winkler_similarity", "hamming", "damerau_levenshtein", "row", "list_sum", "list_avg",
        "list_median", "list_mode", "list_count", "list_min", "list_max", "list_stddev_samp", "list_var_samp",
        "list_unique", "array_unique", "list_extract", "list_element", "array_extract", "list_position",
        "list_indexof", "list_slice", "array_slice", "list_reverse", "array_reverse", "list_sort",
        "list_reverse_sort", "list_distinct", "list_first", "list_last", "array_first", "array_last",
        "list_append", "list_prepend", "array_append", "array_prepend", "list_intersect", "array_intersect",
        "map_values", "map_entries", "map_extract", "element_at", "cardinality", "map_contains",
        "map_extract_value", "struct_insert", "struct_concat", "ifnull",
    },
)  # fmt: skip
"""Functions the parser has no class for."""

CHANGING: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.Rand, exp.Randn, exp.Uuid, exp.CurrentDate, exp.CurrentTime, exp.CurrentTimestamp,
        exp.CurrentDatetime, exp.Localtime, exp.Localtimestamp, exp.CurrentTimestampLTZ, exp.UtcDate,
        exp.UtcTime, exp.UtcTimestamp, exp.Systimestamp,
    }
)  # fmt: skip
CHANGING_NAMES = frozenset(
    {
        "random", "setseed", "uuid", "uuidv4", "uuidv7", "gen_random_uuid", "now", "today", "get_current_time",
        "get_current_timestamp", "transaction_timestamp", "current_localtime", "current_localtimestamp",
        "txid_current", "current_transaction_id", "current_query_id", "nextval", "currval",
    }
)  # fmt: skip
"""Functions that ask the clock, draw, or count their calls."""

EXPRESSIONS = WHOLE | CHANGING | {
    exp.Anonymous, exp.Cast, exp.TryCast, exp.Interval, exp.RowNumber, exp.WindowSpec, exp.Distinct, exp.Order,
    exp.Values, exp.PositionalColumn, exp.Columns,
}  # fmt: skip
"""What can stand as a value, or as a part of one, besides what is read in a way of its own.

Some of it was refused before; a kind that is not here is refused wherever a value is expected.
"""

CAST_TO = frozenset(
    {
        exp.DType.BOOLEAN, exp.DType.TINYINT, exp.DType.SMALLINT, exp.DType.INT, exp.DType.BIGINT,
        exp.DType.INT128, exp.DType.UTINYINT, exp.DType.USMALLINT, exp.DType.UINT, exp.DType.UBIGINT,
        exp.DType.DOUBLE, exp.DType.FLOAT, exp.DType.DECIMAL, exp.DType.VARCHAR, exp.DType.TEXT,
        exp.DType.CHAR, exp.DType.NVARCHAR, exp.DType.DATE, exp.DType.TIME, exp.DType.TIMESTAMP,
        exp.DType.TIMESTAMP_S, exp.DType.TIMESTAMP_MS, exp.DType.TIMESTAMP_NS, exp.DType.DATETIME,
        exp.DType.TIMESTAMPNTZ, exp.DType.INTERVAL, exp.DType.ARRAY, exp.DType.LIST,
    }
)  # fmt: skip
"""Types a view may convert to: none that depends on the session's time zone, none that holds bytes."""

UNITS = frozenset(
    {
        f"{unit}{plural}"
        for unit in (
            "MICROSECOND", "MILLISECOND", "SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR",
            "DECADE", "CENTURY", "MILLENNIUM",
        )
        for plural in ("", "S")
    }
    | {"DOW", "ISODOW", "DOY", "EPOCH", "ISOYEAR", "YEARWEEK", "WEEKDAY", "DAYOFWEEK", "DAYOFYEAR", "ERA", "JULIAN"}
    | {"CENTURIES", "MILLENNIA", "ALL"}
)  # fmt: skip
"""Bare words that can stand where a unit of time does, and the ALL of ORDER BY ALL."""
