"""The picture of a combination risk: how many people stand in classes of which size, as SVG.

One row of bars per table and one for each of the two joined counts; a bar's length is the share
of that row's members in one bucket. It holds counts of groups of people and names of tables,
nothing of a person. Colours go from the smallest classes (dark) to the largest (pale), so that
the picture reads without its legend and in grey.
"""

from html import escape

from catalog.combination_risk import BUCKETS, Classes, RiskReport

_SHADES = ("#7f1d1d", "#b45309", "#d9a441", "#a3b18a", "#84a9ac", "#a9c4d6", "#d8e3ea")
_NAMES, _WIDTH, _ROW, _BAR = 190, 820, 34, 20
_LEGEND = 44


def risk_picture(report: RiskReport) -> str:
    """The SVG document of a report."""
    rows = [(table.table, table.classes) for table in report.tables if table.quasi]
    rows += [(f"({word})", classes) for word, classes in _joined(report) if classes is not None]
    height = _LEGEND + _ROW * max(len(rows), 1)
    root = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img"'
    parts = [
        f'{root} font-family="sans-serif" font-size="13">',
        "<title>同値クラスの大きさ / sizes of equivalence classes</title>",
        *_legend(),
    ]
    for number, (label, classes) in enumerate(rows):
        parts += _bars(label, classes, _LEGEND + number * _ROW)
    return "".join([*parts, "</svg>"])


def bucket_name(bucket: tuple[int, int | None]) -> str:
    """A bucket as people read it: ``1``, ``3–4``, ``50+``."""
    low, high = bucket
    if high is None:
        return f"{low}+"
    return str(low) if low == high else f"{low}–{high}"


def _joined(report: RiskReport) -> tuple[tuple[str, Classes | None], ...]:
    return (("steady", report.steady), ("everything", report.everything))


def _legend() -> list[str]:
    step = (_WIDTH - _NAMES) // len(BUCKETS)
    parts = []
    for number, bucket in enumerate(BUCKETS):
        left = _NAMES + number * step
        parts.append(f'<rect x="{left}" y="10" width="14" height="14" fill="{_SHADES[number]}"/>')
        parts.append(f'<text x="{left + 19}" y="22">{bucket_name(bucket)}</text>')
    return parts


def _bars(label: str, classes: Classes, top: int) -> list[str]:
    parts = [f'<text x="0" y="{top + 15}">{escape(label)}</text>']
    whole = _WIDTH - _NAMES
    left = 0
    so_far = 0
    for number, count in enumerate(classes.histogram):
        so_far += count
        right = whole * so_far // classes.members if classes.members else 0
        if right > left:
            parts.append(
                f'<rect x="{_NAMES + left}" y="{top}" width="{right - left}" height="{_BAR}"'
                f' fill="{_SHADES[number]}"><title>{bucket_name(BUCKETS[number])}: {count}</title></rect>'
            )
        left = right
    return parts
