"""Figures for tests: what programs draw on an ordinary day, plots of persons, and drawings that hide."""

import io
from collections.abc import Callable

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="200" height="100">'


def figure(draw: Callable[[Axes], object], kind: str) -> bytes:
    """A figure as bytes; the same drawing gives the same picture."""
    made, axes = plt.subplots()
    draw(axes)
    buffer = io.BytesIO()
    made.savefig(buffer, format=kind)
    plt.close(made)
    return buffer.getvalue()


def chance() -> np.random.Generator:
    return np.random.default_rng(7)


def kaplan_meier(axes: Axes) -> None:
    """A curve of steps at months, without marks."""
    months = np.arange(0, 61, 3)
    for rate, label in ((0.010, "A"), (0.016, "B")):
        axes.step(months, np.exp(-rate * months), where="post", label=label)
    axes.set(title="Overall survival", xlabel="months", ylabel="probability", ylim=(0, 1))
    axes.legend()


def histogram(axes: Axes) -> None:
    axes.hist(chance().normal(60, 12, 5_000), bins=20)


def forest(axes: Axes) -> None:
    """Odds ratios with their intervals, one line each."""
    rows = np.arange(14)
    axes.errorbar(1 + chance().normal(0, 0.2, 14), rows, xerr=0.2, fmt="s")
    axes.set_yticks(rows, [f"factor {row}" for row in rows])


def monthly(axes: Axes) -> None:
    for series in range(3):
        axes.plot(np.arange(24), 100 + chance().normal(0, 9, 24) + 20 * series, marker="o")


def calibration(axes: Axes) -> None:
    deciles = np.sort(chance().uniform(0, 1, 10))
    axes.plot(deciles, deciles + chance().normal(0, 0.02, 10), "o")


def logarithmic(axes: Axes) -> None:
    axes.plot([1, 10, 100, 1000, 10_000], [3, 20, 90, 400, 1000])
    axes.set(xscale="log", yscale="log")


def boxes(axes: Axes) -> None:
    axes.boxplot([chance().normal(60, 10, 200) for _ in range(4)], showfliers=False)


def bars(axes: Axes) -> None:
    axes.bar([f"{age}-{age + 4}" for age in range(40, 90, 5)], chance().integers(100, 900, 10))


ORDINARY = {
    "kaplan-meier": kaplan_meier,
    "histogram": histogram,
    "forest plot": forest,
    "months": monthly,
    "calibration": calibration,
    "logarithmic": logarithmic,
    "boxes": boxes,
    "bars": bars,
}


def scatter(axes: Axes) -> None:
    axes.scatter(chance().normal(60, 12, 37), chance().normal(120, 15, 37))


def sized_scatter(axes: Axes) -> None:
    axes.scatter(
        chance().normal(0, 1, 37), chance().normal(0, 1, 37), s=chance().uniform(5, 60, 37), c=range(37)
    )


def residuals(axes: Axes) -> None:
    axes.plot(chance().normal(0, 1, 40), chance().normal(0, 1, 40), "x")


def bland_altman(axes: Axes) -> None:
    axes.plot(chance().normal(100, 10, 30), chance().normal(0, 2, 30), "^")


def ages(axes: Axes) -> None:
    """Persons at whole years: many share a place on the scale."""
    axes.plot(chance().integers(40, 90, 60), chance().normal(6, 1, 60), "o")


def components(axes: Axes) -> None:
    for group in range(3):
        axes.scatter(*chance().normal(group, 1, (2, 15)), marker="os^"[group])


def dots(axes: Axes) -> None:
    axes.plot(chance().uniform(139, 141, 80), chance().uniform(35, 37, 80), ".", markersize=2)


def censored(axes: Axes) -> None:
    """A survival curve with a tick for each person who left."""
    at = np.sort(chance().uniform(0, 60, 25))
    axes.step(np.arange(61), np.exp(-0.01 * np.arange(61)))
    axes.plot(at, np.exp(-0.01 * at), "+", markersize=8)


PERSONS = {
    "scatter": scatter,
    "scatter of sizes": sized_scatter,
    "residuals": residuals,
    "bland-altman": bland_altman,
    "whole years": ages,
    "components": components,
    "dot map": dots,
    "censored": censored,
}


def outliers(axes: Axes) -> None:
    axes.boxplot([np.append(chance().normal(60, 5, 200), [95, 99, 101.5, 108])])


def svg(inside: str, before: str = "") -> bytes:
    return f"{before}{SVG}{inside}</svg>".encode()


LINE = '<path d="M 10 90 L 100 20 L 190 60" fill="none" stroke="#1f77b4"/>'


def hiding_svgs(secret: str) -> dict[str, bytes]:
    """The secret in every part of a drawing that is not drawn as text."""
    return {
        "comment": svg(f"<!-- {secret} -->{LINE}"),
        "comment before": svg(LINE, f'<?xml version="1.0"?><!-- {secret} -->'),
        "title": svg(f"<title>{secret}</title>{LINE}"),
        "desc": svg(f"<g><desc>{secret}</desc>{LINE}</g>"),
        "metadata": svg(f'<metadata><x xmlns="urn:x" y="{secret}"/></metadata>{LINE}'),
        "id": svg(f'<g id="x {secret}">{LINE}</g>'),
        "data attribute": svg(f'<g data-name="{secret}">{LINE}</g>'),
        "class": svg(f'<g class="{secret}">{LINE}</g>'),
        "style comment": svg(f"<style>/* {secret} */</style>{LINE}"),
        "not shown": svg(f'<text x="5" y="50" display="none">{secret}</text>{LINE}'),
        "without ink": svg(f'<text x="5" y="50" fill="none">{secret}</text>{LINE}'),
        "outside": svg(f'<text x="5" y="5000">{secret}</text>{LINE}'),
        "hidden by a rule": svg(
            f'<style>.h {{ visibility: hidden }}</style><text class="h" x="5" y="50">{secret}</text>{LINE}'
        ),
        "in definitions": svg(f'<defs><text x="5" y="50">{secret}</text></defs>{LINE}'),
        "text between": svg(f"{LINE}{secret}"),
    }


REFUSED_SVGS = {
    "script": (svg("<script>1</script>" + LINE), "active_content"),
    "handler": (svg('<g onload="x()">' + LINE + "</g>"), "active_content"),
    "foreign": (
        svg("<foreignObject><b xmlns='http://www.w3.org/1999/xhtml'>x</b></foreignObject>"),
        "active_content",
    ),
    "data uri": (
        svg('<image xlink:href="data:image/png;base64,AAAA" width="9" height="9"/>'),
        "drawing_refused",
    ),
    "external use": (svg('<use xlink:href="http://x.example/a.svg#b"/>'), "active_content"),
    "external file": (svg('<use href="file:///etc/passwd#b"/>'), "active_content"),
    "import": (svg("<style>@import url(http://x.example/a.css);</style>" + LINE), "active_content"),
    "fetching fill": (svg('<path d="M0 0L9 9" fill="url(http://x.example/#a)"/>'), "active_content"),
    "entity": (
        svg("<text>&x;</text>", '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        "active_content",
    ),
    "many entities": (
        svg("&b;", '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'),
        "active_content",
    ),
    "style sheet": (svg(LINE, '<?xml-stylesheet href="x.css"?>'), "active_content"),
    "animation": (svg('<path d="M0 0L9 9"><animate attributeName="d" to="M0 0"/></path>'), "active_content"),
    "filter": (svg('<path d="M0 0L9 9" filter="url(#f)"/>'), "drawing_refused"),
    "gradient": (svg('<linearGradient id="a"/><path d="M0 0L9 9"/>'), "drawing_refused"),
    "unknown": (svg("<mystery/>"), "drawing_refused"),
    "wrong path": (svg('<path d="M 0 0 L 1"/>'), "structure"),
    "same id": (svg('<g id="a"/><g id="a"/>'), "names_twice"),
    "cut": (svg(LINE)[:-9], "structure"),
    "deep": (svg("<g>" * 80 + "</g>" * 80), "too_deep"),
    "use of itself": (svg('<g id="a"><use xlink:href="#a"/></g>'), "too_deep"),
    "many": (svg("<g/>" * 30_000), "drawing_too_large"),
    "html": (b"<html><svg xmlns='http://www.w3.org/2000/svg'/></html>", "disagrees"),
    "utf-16": (svg(LINE).decode().encode("utf-16"), "disagrees"),
}


def of_svglite(points: int = 0) -> bytes:
    """A drawing as R's svglite writes it: percentages, classes, one style sheet, text as text."""
    dots = "".join(
        f"<circle cx='{x:.2f}' cy='{y:.2f}' r='1.95' style='stroke-width: 0.71; fill: #000000;' />"
        for x, y in chance().uniform(20, 400, (points, 2))
    )
    return (
        "<?xml version='1.0' encoding='UTF-8' ?>\n<svg xmlns='http://www.w3.org/2000/svg' "
        "xmlns:xlink='http://www.w3.org/1999/xlink' class='svglite' width='504.00pt' height='504.00pt' viewBox='0 0 504.00 504.00'>\n"
        "<defs><style type='text/css'><![CDATA[.svglite line, .svglite polyline, .svglite path, .svglite rect, .svglite circle "
        "{fill: none; stroke: #000000; stroke-linecap: round;} .svglite text {white-space: pre;} .svglite g.glyphgroup path "
        "{fill: inherit; stroke: none;}]]></style></defs><rect width='100%' height='100%' style='stroke: none; fill: #FFFFFF;'/>"
        "<defs><clipPath id='cpMA=='><rect x='0.00' y='0.00' width='504.00' height='504.00' /></clipPath></defs>"
        f"<g clip-path='url(#cpMA==)'><polyline points='30,30 60,90 90,40 ' style='stroke-width: 1.07;' />{dots}</g></svg>"
    ).encode()


SVG_504 = SVG.replace('width="200" height="100"', 'width="504pt" height="504pt" viewBox="0 0 504 504"')


def of_cairo(words: int = 40) -> bytes:
    """A drawing as R's svg() writes it: letters as symbols that are used again and again."""
    used = "".join(
        f'<use xlink:href="#glyph-0-{n % 3}" x="{20 + 9 * (n % 20)}" y="{400 + 7 * (n % 5)}"/>'
        for n in range(words * 3)
    )
    symbols = "".join(
        f'<symbol overflow="visible" id="glyph-0-{n}"><path style="stroke:none;" d="M {n + 1} 0 L 5 0 L 5 -{6 + n} L {n + 1} -{6 + n} Z"/></symbol>'
        for n in range(3)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{SVG_504}<defs><g>{symbols}</g></defs><rect x="0" y="0" width="504" height="504" '
        f'style="fill:rgb(100%,100%,100%);fill-opacity:1;stroke:none;"/><g style="fill:rgb(0%,0%,0%);fill-opacity:1;">{used}</g></svg>'
    ).encode()
