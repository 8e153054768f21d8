"""Models that fit persons: few degrees of freedom, saturated tables, terms that are one person.

1. Residual degrees of freedom below the policy's number, in a table or in what R, Stata and statsmodels
   print, are to be fixed; so is N minus terms where only these are said.
2. A term that is one person (``patient_17``, ``C(id)[T.3]``, 症例5) gives that person's deviation: one such
   term is to be fixed, several are a model of persons and do not leave.
3. Predictions for every combination of classes are a table of percentages, and are judged like one.
4. Covariances and X'X, effects of single facilities, and correlations without N are looked at; a
   correlation of few persons is to be fixed.
"""

import re
from collections.abc import Iterator
from math import prod

from catalog.identifiers.written_forms import fold
from enclave.sentences import Sentence, say
from output_review.disclosure.cells import CellKind
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.quantities import Quantity
from output_review.disclosure.table_sides import Side
from output_review.disclosure.tables import Cell

LOW_DOF = "SDC.low_dof"
PERSON_TERM = "SDC.person_term"
SATURATED = "SDC.saturated_model"
MOMENTS = "SDC.moments"
FACILITY_EFFECT = "SDC.facility_effect"

_DOF = re.compile(
    r"(?:df[ _]?resid(?:uals?)?|residual[ _]?(?:df|d\.f\.)|dof|degrees of freedom|残差(?:の)?自由度|自由度)\s*[:=はが]?\s*(?P<a>\d+)(?![\d.])"
    r"|on (?P<b>\d+) (?:degrees of freedom|df|residual)|on \d+ and (?P<c>\d+) df|(?m:^\s*residual\s*\|\s*[\d.e+]+\s+(?P<d>\d+)\s)"
)
_OF_A_TEST = re.compile(r"model|モデル|群間|chi|χ|test|検定|wald|likelihood|尤度|logrank|log-rank|score \(")
"""A test of terms has as many degrees of freedom as terms: what stands before its number on the line says so."""
_TERM = re.compile(
    r"(?:c\(|factor\(|as\.factor\(|i\.)?(?:is_?)?(?:dummy_?)?(?:patient|pt|subject|person|case|participant|pat|患者|症例|個人|被験者|対象者)[ _-]?(?:key|id|no|番号|コード)?\)?"
    r"(?:\[t\.|[ _.:=#-])?\s*['\"]?[a-z]?\d{1,8}['\"]?\]?(?:[ _]?dummy|ダミー)?|(?:c\(|factor\(|as\.factor\()?(?:p?id|pseud(?:onym)?|mrn)\)?(?:\[t\.|[ _.:=])\s*['\"]?[a-z0-9-]+['\"]?\]?"
)
_TERM_LINE = re.compile(
    r"(?m)^[>#|\s]*(?P<term>(?:c\(|factor\(|as\.factor\(|i\.)?(?:patient|pt|subject|person|participant|pat|患者|症例|個人|被験者)"
    r"[ _-]?(?:key|id|no|番号|コード)?\)?(?:\[t\.|[ _.:=#-])?['\"]?[a-z]?\d{1,8}['\"]?\]?)[\s|&,]+[-+]?\d*\.\d+[\s|&,]+[-+(]?\d"
)
"""A line of a printed model whose term is one person, with an estimate and another number behind it."""
_PERSON_FACTOR = re.compile(
    r"(?m)(?:^[>.\s]*(?:reg(?:ress)?|logi(?:t|stic)|stcox|poisson|xtreg|glm|probit|areg)\b[^\n]*?|~[^\n]*?)"
    r"(?P<term>(?:i\.|c\(|factor\(|as\.factor\()(?:patient|pat|pt|subject|person|participant|case|患者|症例|個人)[ _-]?(?:id|no|key|番号)?\b\)?)"
)
"""A command or a formula in which every person is a class of its own."""
_FACILITY_TERM = re.compile(
    r"(?:c\()?(?:hospital|facility|clinic|site|institution|病院|施設|医療機関)[ _-]?(?:id|code|コード|番号)?\)?(?:\[t\.|[ _:=-])?\s*[a-z0-9]{1,12}\]?"
)
_EFFECT = re.compile(
    r".*(?:random[ _]?(?:effects?|intercepts?)|blup|変量効果|ランダム効果|ランダム切片|facility[ _]effect|hospital[ _]effect|施設効果|病院効果).*"
)
_VARIANCE = re.compile(r".*(?:variance|分散|sd|icc|標準偏差|sigma).*")
_MOMENTS = re.compile(
    r"(?:variance-?\s?covariance|covariance matrix|分散共分散|共分散行列|vcov|x['’]x|xtx|x\^t ?x|hessian|fisher information|情報行列)"
)
_SMALL_N = re.compile(
    r"(?:no\. observations|number of obs(?:ervations)?|observations|n|nobs|症例数|標本数)\s*[:=]\s*(?P<n>\d[\d,]*)"
)


def check_degrees_of_freedom(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Every residual dof that is too low, said or computed from N and the number of terms."""
    for side in examined.all_sides:
        for entry in side.structured.of(Quantity.DOF):
            labels = " ".join((*entry.key.rows, *entry.key.columns))
            if entry.number is not None and entry.number < policy.residual_dof and _is_residual(labels):
                yield _dof(side.place(entry.cell), policy)
        terms = side.structured.of(Quantity.ESTIMATE)
        base = side.structured.base
        if not side.is_turned and base and terms and base - len(terms) < policy.residual_dof:
            yield _dof(side.header_place(terms[0].position[1]), policy)
    for passage in examined.passages:
        folded = fold(passage.text)
        for match in _DOF.finditer(folded.text):
            number = next(group for group in match.groups() if group is not None)
            begins = folded.text.rfind("\n", 0, match.start()) + 1
            before = folded.text[max(match.start() - 40, begins) : match.start()]
            if int(number) < policy.residual_dof and not _OF_A_TEST.search(before):
                yield _dof(passage.place(*folded.span(*match.span())), policy)


def _is_residual(labels: str) -> bool:
    """A dof is the residual one when it says so; a test's own dof (chi-square, model) is none."""
    return bool(re.search(r"resid|残差|error|誤差|dof", labels)) or not re.search(
        r"model|モデル|num|chi|χ|test|検定|anova|wald|between|df|自由度", labels
    )


def _dof(place: Place, policy: DisclosurePolicy) -> Finding:
    return Finding(
        LOW_DOF,
        Severity.FIX,
        place,
        say(
            "The model has fewer than {least} residual degrees of freedom, so it repeats its data.",
            least=policy.residual_dof,
        ),
        say("Use fewer terms or more persons."),
    )


def check_person_terms(examined: ExaminedFile) -> Iterator[Finding]:
    """Terms of a model that are one person."""
    for side in examined.all_sides:
        if not side.structured.of(Quantity.ESTIMATE, Quantity.RATIO, Quantity.SE, Quantity.P_VALUE):
            continue
        for _, cells in side.label_columns():
            terms = [cell for cell in cells if _TERM.fullmatch(fold(cell.text).text.strip())]
            for cell in terms:
                yield _term(side.place(cell), Severity.REJECT if len(terms) > 2 else Severity.FIX)
    for passage in examined.passages:
        folded = fold(passage.text)
        command = _PERSON_FACTOR.search(folded.text)
        if command:
            yield _term(passage.place(*folded.span(*command.span("term"))), Severity.REJECT)
        lines = list(_TERM_LINE.finditer(folded.text))
        if len(lines) > 2:
            yield _term(passage.place(*folded.span(*lines[0].span("term"))), Severity.REJECT)


def _term(place: Place, severity: Severity) -> Finding:
    return Finding(
        PERSON_TERM,
        severity,
        place,
        say("This term of the model is one person, so its coefficient is that person's deviation."),
        say("Leave persons out as terms; use a random effect and show its variance only."),
    )


def check_saturated(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Predictions for every combination of classes."""
    for side in examined.all_sides:
        predictions = side.structured.of(Quantity.PREDICTED)
        labels = [cells for _, cells in side.label_columns()]
        if not predictions or len(labels) < 2:
            continue
        rows = len(side.structured.rows)
        levels = [len({cell.text.strip() for cell in cells}) for cells in labels]
        if rows >= 4 and rows >= prod(levels):
            counts = [e.count for e in side.structured.of(Quantity.PERSONS) if e.count is not None]
            is_counted = len(counts) >= rows and min(counts) >= policy.min_persons
            yield _saturated(side.header_place(predictions[0].position[1]), is_counted=is_counted)


def _saturated(place: Place, *, is_counted: bool) -> Finding:
    return Finding(
        SATURATED,
        Severity.REVIEW if is_counted else Severity.FIX,
        place,
        say("Predictions for every combination of classes are the table of percentages itself."),
        say("Show the number of persons behind each combination, or fewer combinations."),
    )


def check_moments(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Covariances, X'X, facility effects, correlations."""
    for side in examined.all_sides:
        yield from _facility_effects(side)
        if side.is_turned:
            continue
        words = fold(
            " ".join((examined.file.name, *side.structured.notes, *(c.name for c in side.structured.columns)))
        ).text
        square = _square(side)
        if square is not None:
            yield from _square_findings(side, square, words, policy)
        elif side.structured.of(Quantity.COVARIANCE) or _MOMENTS.search(words):
            yield _review(MOMENTS, Place(), _MOMENTS_SAY)
        for entry in side.structured.of(Quantity.CORRELATION):
            persons = side.persons_of(entry)
            if persons is not None and persons - 2 < policy.residual_dof:
                yield _dof(side.place(entry.cell), policy)


_MOMENTS_SAY = say(
    "Covariances, cross products or correlations of all terms let moments of the data be computed."
)


def _square(side: Side) -> list[list[Cell]] | None:
    """The numbers of a square table whose rows and columns have the same names."""
    structured = side.structured
    labels = [fold(row.name).text.strip() for row in structured.rows]
    names = [fold(column.name).text.strip() for column in structured.columns if not column.is_label]
    if len(labels) < 2 or sorted(labels) != sorted(names):
        return None
    grid = [[cell for cell in row if not structured.columns[cell.column].is_label] for row in side.table.rows]
    numbers = (CellKind.COUNT, CellKind.NUMBER, CellKind.EMPTY)
    cells = [cell for row in grid for cell in row]
    is_matrix = any(cell.value.kind is CellKind.NUMBER for cell in cells)
    return grid if is_matrix and all(cell.value.kind in numbers for cell in cells) else None


def _square_findings(
    side: Side, grid: list[list[Cell]], words: str, policy: DisclosurePolicy
) -> Iterator[Finding]:
    place = side.place(grid[0][0])
    is_correlation = all(
        re.fullmatch(r"1(?:\.0*)?", row[i].text.strip() or "1") for i, row in enumerate(grid)
    )
    persons = side.structured.base or next(
        (int(m["n"].replace(",", "")) for m in _SMALL_N.finditer(words)), None
    )
    if is_correlation and persons is not None and persons - 2 < policy.residual_dof:
        yield _dof(place, policy)
    elif not is_correlation or persons is None or persons < policy.min_persons * len(grid):
        yield _review(MOMENTS, place, _MOMENTS_SAY)


def _facility_effects(side: Side) -> Iterator[Finding]:
    words = fold(
        " ".join((*side.structured.notes, *(column.name for column in side.structured.columns)))
    ).text
    for column, cells in side.label_columns():
        named = [
            cell
            for cell in cells
            if _FACILITY_TERM.fullmatch(fold(cell.text).text.strip())
            and not _VARIANCE.fullmatch(fold(cell.text).text)
        ]
        is_effect = bool(_EFFECT.fullmatch(words)) or bool(side.structured.of(Quantity.ESTIMATE))
        heading = fold(column.name).text
        by_name = bool(re.search(r"病院|施設|医療機関|hospital|facility|clinic|site|provider", heading))
        if is_effect and (len(named) > 1 or (by_name and len(cells) > 1 and bool(_EFFECT.fullmatch(words)))):
            yield _review(
                FACILITY_EFFECT,
                side.place((named or cells)[0]),
                say("Effects of single facilities describe these facilities."),
            )
            return


def _review(rule: str, place: Place, message: Sentence) -> Finding:
    return Finding(
        rule,
        Severity.REVIEW,
        place,
        message,
        say("Show the variance or a summary instead, unless this is needed."),
    )
