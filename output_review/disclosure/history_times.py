"""Months, quarters, years and days as labels, captions and file names write them.

A span is counted in months since year 0: April 2025 is from 24303 to below 24304, a day a
thirty-first part. 年度 runs from April. Of an era only its letter or name is needed.
"""

import re
from collections.abc import Iterator

TIME = "time"
Span = tuple[float, float]

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ERAS = {"令和": 2018, "r": 2018, "平成": 1988, "h": 1988, "昭和": 1925, "s": 1925}
_YEAR = (
    r"(?:(?P<y{k}>(?:19|20)\d{{2}})|(?P<e{k}>令和|平成|昭和|[rhs](?=\d{{1,2}}[年.]))(?P<ey{k}>\d{{1,2}}|元))"
)
_NAMED = "(?P<name{k}>" + "|".join(_MONTHS) + ")[a-z]*\\.?"
_ONE = "|".join(
    (
        _YEAR.replace("{k}", "1").replace("{{", "{").replace("}}", "}")
        + r"\s*[年/._-]\s*(?P<m1>1[0-2]|0?[1-9])(?:\s*月|(?!\d))(?:\s*[/._-]?\s*(?P<d1>3[01]|[12]\d|0?[1-9])\s*(?:日|(?!\d)))?",
        r"(?<!\d)(?P<y2>20\d{2})(?P<m2>0[1-9]|1[0-2])(?P<d2>0[1-9]|[12]\d|3[01])?(?!\d)",
        _NAMED.replace("{k}", "3") + r"[\s,.-]*(?P<y3>(?:19|20)\d{2})",
        r"(?P<y4>(?:19|20)\d{2})[\s-]*" + _NAMED.replace("{k}", "4"),
        r"(?P<y5>(?:19|20)\d{2})\s*(?:年(?:度)?\s*第?\s*|[\s-]*q)(?P<q5>[1-4])(?:\s*四半期)?(?!\d)",
        r"q(?P<q6>[1-4])\s*[-/]?\s*(?P<y6>(?:19|20)\d{2})",
        r"(?P<fy>fy\s*(?P<y7>20\d{2})|(?P<y8>(?:19|20)\d{2})\s*年度)",
        _YEAR.replace("{k}", "9").replace("{{", "{").replace("}}", "}") + r"\s*年",
    )
)
_TIME = re.compile(_ONE)
_TO_MONTH = re.compile(r"月?\s*(?:-|~|〜|から|to)\s*(?P<m>1[0-2]|0?[1-9])\s*月")
_BARE_YEAR = re.compile(r"(?:19|20)\d{2}")
_MONTH_ALONE = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])月(?:分|末)?")
_UNTIL = re.compile(
    r"まで|迄|末(?!期|梢)|時点|現在|累計|累積|通算|登録済|as of|until|through|up to|to date|cumulative|accrued|total enrolled|so far"
)
_RUNNING_TOTAL = re.compile(r"累計|累積|通算|cumulative|to date|accrued|so far|running total")
_SINCE = re.compile(r"以降|以後|since|from .* on")


def is_cumulative(text: str) -> bool:
    """Whether words say that everything up to a moment is counted."""
    return _UNTIL.search(text) is not None


def is_running_total(text: str) -> bool:
    """Whether words say that a number grows from report to report."""
    return _RUNNING_TOTAL.search(text) is not None


def time_in(text: str, header: str = "") -> Span | None:
    """The span that a folded label is, when it is one and little else."""
    found = list(_TIME.finditer(text))
    if not found:
        alone = _MONTH_ALONE.fullmatch(text)
        if alone:
            return float(alone[1]) - 1, float(alone[1])
        if _BARE_YEAR.fullmatch(text) and (not header or re.search("年|year|time|fy", header)):
            return float(text) * 12, float(text) * 12 + 12
        return None
    rest = _TIME.sub("", _TO_MONTH.sub("月", text))
    rest = re.sub(
        r"まで|末|時点|現在|以降|以後|累計|から|年|月|分|期|報告|monthly|month|report|as of|until|since|\bto\b|[\W_]",
        "",
        rest,
    )
    if len(rest) > 4:
        return None
    return _joined([_span(match) for match in found], text)


def times_in(text: str) -> Span | None:
    """The span that a folded caption or file name speaks of, wherever it stands in it."""
    found = [_span(match) for match in _TIME.finditer(text)]
    if found:
        return _joined(found, text)
    alone = [float(month) for month in _MONTH_ALONE.findall(text)]
    return (min(alone) - 1, max(alone)) if alone else None


def _joined(spans: list[Span], text: str) -> Span:
    low, high = min(low for low, _ in spans), max(high for _, high in spans)
    last = _TO_MONTH.search(text)
    if last and len(spans) == 1:
        month = low - low % 12 + int(last["m"])
        return low, month if month > low else month + 12
    if is_cumulative(text) and len(spans) == 1:
        return float("-inf"), high
    return (low, float("inf")) if _SINCE.search(text) and len(spans) == 1 else (low, high)


def _span(match: re.Match[str]) -> Span:
    given = {name: value for name, value in match.groupdict().items() if value}
    year = _year(given)
    quarter = next((int(given[name]) for name in ("q5", "q6") if name in given), 0)
    if quarter:
        return year * 12 + (quarter - 1) * 3, year * 12 + quarter * 3
    if "fy" in given:
        return year * 12 + 3, year * 12 + 15
    month = next(_month(given), 0)
    if not month:
        return year * 12, year * 12 + 12
    start = year * 12 + month - 1
    day = next((int(given[name]) for name in ("d1", "d2") if name in given), 0)
    return (start + (day - 1) / 31, start + day / 31) if day else (start, start + 1)


def _year(given: dict[str, str]) -> int:
    for number in range(1, 10):
        if f"y{number}" in given:
            return int(given[f"y{number}"])
        if f"e{number}" in given:
            written = given[f"ey{number}"]
            return _ERAS[given[f"e{number}"]] + (1 if written == "元" else int(written))
    return 0


def _month(given: dict[str, str]) -> Iterator[int]:
    for name in ("m1", "m2"):
        if name in given:
            yield int(given[name])
    for name in ("name3", "name4"):
        if name in given:
            yield _MONTHS.index(given[name]) + 1
