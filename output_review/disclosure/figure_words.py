"""What the words beside a picture say that it shows.

1. Words belong to a picture when they were read in it, when their file is named like it (plot.png and
   plot_説明.md), or when the submission has one picture only.
2. A scatter, a plot of residuals or of scores, a swimmer or waterfall plot, and any figure in which one mark
   is said to be one patient, is REJECT: each mark is a person. Where the words say that a mark is a hospital,
   a region or a group, people look.
3. Outliers of a box plot, marks of censoring on a survival curve, and a density with a bandwidth below the
   unit of measurement among few persons, are to be fixed: those marks are persons. Words that say that they
   are left out, or that the curve was rounded, are believed; people see the picture in any case.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from catalog.identifiers.written_forms import fold
from enclave.sentences import say
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.submissions import FileKind

PERSONS_PLOTTED = "FILE.persons_plotted"
SINGLE_MARKS = "FILE.single_marks"

_PERSONS = re.compile(
    r"散布図|scatter|残差(?:対|と|プロット|図)|residuals? (?:vs|versus|against|plot)|bland[-\s]?altman|ブランド・?アルトマン|q[-\s]?q ?(?:plot|プロット)"
    r"|t-?sne|\bumap\b|(?:主成分|\bpca?\b).{0,8}(?:得点|スコア|scores?|plot|プロット)|(?:スイマー|swimmer)|(?:ウォーターフォール|waterfall)|(?:スパゲッティ|スパゲティ|spaghetti)"
    r"|ドットマップ|dot (?:map|density map)|(?:各|1|一)(?:点|本|棒|線|印)(?:が|は|=|:)?(?:各|1|一)(?:患者|例|人|名|症例)"
    r"|(?:each|one|a) (?:point|dot|bar|line|mark|marker|row)(?: is| represents| per|=| =)? ?(?:a|one|each|1|single)? ?(?:patient|person|subject|case|participant)"
    r"|(?:points?|dots?|bars?|lines?) (?:are|represent) (?:individual )?(?:patients|persons|subjects)"
)
_GROUPS = re.compile(
    r"(?:各|1|一)(?:点|本|棒)(?:が|は|=)?.{0,4}(?:施設|病院|都道府県|医療圏|群|月|年)|施設別|病院別|都道府県別|医療圏別|月別|年度?別"
    r"|(?:each|one) (?:point|dot|bar) (?:is|represents|per) (?:a|one) (?:hospital|facility|prefecture|region|group|month|year)|hospital-level|by (?:hospital|prefecture|region|month|year)"
)
_LEFT_OUT = r"[^。.\n]{0,14}(?:(?:表示|図示|示|描)(?:して|され|し)?(?:て)?(?:い)?(?:ない|ません)|非表示|省略|なし|除い|除く|not shown|omitted|suppressed|hidden|removed|excluded)"
_OUTLIERS = re.compile(
    rf"(?:外れ値|はずれ値|outliers?|fliers?)(?!{_LEFT_OUT})|(?:個々の|単独の)点|(?:points?|dots?|circles?) (?:beyond|outside) the whiskers"
)
_NO_OUTLIERS = re.compile(r"(?:without|no) (?:outliers?|fliers?)|showfliers\s*=\s*false")
_BOX = re.compile(r"箱ひげ|ボックスプロット|box[- ]?(?:and[- ]whiskers?[- ])?plots?|ひげ|whiskers?")
_SURVIVAL = re.compile(r"kaplan|\bkm\b|生存曲線|survival curve|累積発生|cumulative incidence")
_CENSORED = re.compile(rf"打ち?切り(?!{_LEFT_OUT})|censor(?:ed|ing|s)?(?!{_LEFT_OUT})")
_ROUNDED = re.compile(r"丸め|四捨五入|round(?:ed|ing)|midpoint|mid-?6")
_DENSITY = re.compile(
    r"\bkde\b|カーネル密度|kernel density|density (?:plot|curve|estimate)|密度曲線|密度推定"
)
_BANDWIDTH = re.compile(r"(?:bandwidth|バンド幅|帯域幅|\bbw\b|adjust)\s*(?:=|:|は|of)?\s*(?P<b>\d*\.?\d+)")
_N = re.compile(r"\bn\s*[=:]\s*(?P<n>\d[\d,]*)|(?P<m>\d[\d,]*)\s*(?:例|名|人|patients|persons|subjects)")
_FEW_FOR_A_DENSITY = 10
"""A density of fewer persons than ten times the least number is one of few."""


def check_figure_words(
    examined: ExaminedFile, policy: DisclosurePolicy, beside: Sequence[ExaminedFile]
) -> Iterator[Finding]:
    """What the words that belong to a picture say of its marks."""
    if examined.file.kind is not FileKind.PICTURE:
        yield from _densities(examined, policy)
        return
    words = fold("\n".join(_words_of(examined, beside))).text
    if _PERSONS.search(words):
        yield Finding(
            PERSONS_PLOTTED,
            Severity.REVIEW if _GROUPS.search(words) else Severity.REJECT,
            Place(),
            say("The words beside this picture say that each of its marks is a person."),
            say("Send a figure of groups: means, box plots without single points, binned densities."),
        )
    is_box = _BOX.search(words) and _OUTLIERS.search(words) and not _NO_OUTLIERS.search(words)
    is_curve = _SURVIVAL.search(words) and _CENSORED.search(words) and not _ROUNDED.search(words)
    if is_box or is_curve or _is_narrow_density(words, policy):
        yield Finding(
            SINGLE_MARKS,
            Severity.FIX,
            Place(),
            say("The words beside this picture say that some of its marks or steps are single persons."),
            say("Send a figure of groups: means, box plots without single points, binned densities."),
        )


def _densities(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """A table of a density whose notes give a bandwidth that is too narrow."""
    for structured in examined.structured:
        words = fold(" ".join((*structured.notes, *(column.name for column in structured.columns)))).text
        if re.search(r"density|密度|\bkde\b", words) and _is_narrow_density(words, policy):
            yield Finding(
                SINGLE_MARKS,
                Severity.FIX,
                Place(),
                say("The words beside this picture say that some of its marks or steps are single persons."),
                say("Send a figure of groups: means, box plots without single points, binned densities."),
            )


def _words_of(examined: ExaminedFile, beside: Sequence[ExaminedFile]) -> Iterator[str]:
    """Rule 1."""
    yield from (found.text for found in examined.file.found)
    own = _stem(examined)
    yield PurePath(examined.file.name).stem.replace("_", " ")
    pictures = [other for other in beside if other.file.kind is FileKind.PICTURE]
    for other in beside:
        if other.file.kind is FileKind.TEXT and (not pictures or _stem(other).startswith(own)):
            in_tables = {
                cell.row for table in other.tables for row in (table.header, *table.rows) for cell in row
            }
            lines = other.file.text.split("\n")
            yield "\n".join(line for number, line in enumerate(lines, 1) if number not in in_tables)


def _stem(examined: ExaminedFile) -> str:
    return PurePath(examined.file.upload or examined.file.name).stem.casefold()


def _is_narrow_density(words: str, policy: DisclosurePolicy) -> bool:
    bandwidth, numbers = _BANDWIDTH.search(words), [
        int((number["n"] or number["m"]).replace(",", "")) for number in _N.finditer(words)
    ]  # fmt: skip
    if not _DENSITY.search(words) or bandwidth is None or float(bandwidth["b"]) >= 1:
        return False
    return not numbers or min(numbers) < _FEW_FOR_A_DENSITY * policy.min_persons
