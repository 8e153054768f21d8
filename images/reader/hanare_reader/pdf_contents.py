"""What the pages of a pdf draw: marks at exact positions, and the same pages without their text.

The operators of a page, and of the forms that it draws, are walked with the current transform
(PDF 32000-1, tables 57 to 59). A second copy of the file, in which no operator shows text, tells
what of the text can be seen: where both copies look alike, no text is seen.
"""

import io
from typing import TYPE_CHECKING, Any, Final

from .refusals import RefusedError
from .svg_drawing import SAME, Matrix, at, times
from .vector_points import PointBook

if TYPE_CHECKING:
    from pikepdf import Pdf

MAX_OPERATORS: Final = 400_000
MAX_FORMS: Final = 20_000
"""Forms that are drawn on a page, each as often as it is."""
_SHOWS_TEXT: Final = frozenset({"Tj", "TJ", "'", '"'})
_PAINTS: Final = frozenset({"f", "F", "f*", "B", "B*", "b", "b*", "S", "s"})


class _Walk:
    def __init__(self, book: PointBook) -> None:
        self._book = book
        self._left = MAX_OPERATORS
        self._forms = MAX_FORMS

    def contents(self, holder: Any, resources: Any, m: Matrix, depth: int) -> None:
        """The operators of a page or form."""
        stack: list[Matrix] = []
        outlines: list[list[tuple[float, float]]] = []
        for operands, operator in _operators(holder):
            self._left -= 1
            if self._left < 0:
                raise RefusedError("drawing_too_large", limit=MAX_OPERATORS)
            name = str(operator)
            if name == "q":
                stack.append(m)
            elif name == "Q":
                m = stack.pop() if stack else m
            elif name == "cm":
                m = times(m, _matrix(operands))
            elif name in {"m", "l", "c", "v", "y", "re"}:
                _extend(outlines, name, [float(n) for n in operands], m)
            elif name in _PAINTS:
                self._book.add_path(outlines)
                outlines = []
            elif name == "n":
                outlines = []
            elif name == "Do" and depth < 5:
                self._form(operands[0], resources, m, depth)

    def _form(self, name: Any, resources: Any, m: Matrix, depth: int) -> None:
        form = resources.get("/XObject", {}).get(str(name)) if resources is not None else None
        if form is None or str(form.get("/Subtype", "")) != "/Form":
            return
        self._forms -= 1
        if self._forms < 0:
            raise RefusedError("drawing_too_large", limit=MAX_FORMS)
        inner = times(m, _matrix(form.get("/Matrix", ()))) if "/Matrix" in form else m
        left, low, right, high = (float(n) for n in form.get("/BBox", (0, 0, 0, 0)))
        self._book.add_used(str(name), [[at(inner, left, low), at(inner, right, high)]])
        self.contents(form, form.get("/Resources", resources), inner, depth + 1)


def _operators(holder: Any) -> Any:
    import pikepdf  # noqa: PLC0415  # a library that costs time at the start

    try:
        return pikepdf.parse_content_stream(holder)
    except RefusedError:
        raise
    except Exception:  # noqa: BLE001  # the library raises many kinds
        raise RefusedError("structure") from None


def _matrix(operands: Any) -> Matrix:
    numbers = [float(n) for n in operands]
    if len(numbers) != 6:
        raise RefusedError("structure")
    return (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5])


def _extend(outlines: list[list[tuple[float, float]]], name: str, n: list[float], m: Matrix) -> None:
    if name == "re":
        x, y, w, h = n
        outlines.append([at(m, *corner) for corner in ((x, y), (x + w, y), (x + w, y + h), (x, y + h))])
        return
    if name == "m" or not outlines:
        outlines.append([])
    outlines[-1] += [at(m, n[i], n[i + 1]) for i in range(0, len(n) - 1, 2)]


def count_marks(page: Any, book: PointBook) -> None:
    """Enter every mark that a page draws."""
    _Walk(book).contents(page, page.obj.get("/Resources", None), SAME, 0)


def without_text(pdf: "Pdf") -> bytes:
    """The file again, with every operator that shows text left out. Changes ``pdf``."""
    import pikepdf  # noqa: PLC0415

    def silent(holder: Any) -> bytes:
        return pikepdf.unparse_content_stream(
            [
                (operands, operator)
                for operands, operator in _operators(holder)
                if str(operator) not in _SHOWS_TEXT
            ]
        )

    for page in pdf.pages:
        page.Contents = pdf.make_stream(silent(page))
    for part in pdf.objects:
        if isinstance(part, pikepdf.Stream) and (
            str(part.get("/Subtype", "")) == "/Form" or part.get("/PatternType", 0) == 1
        ):
            part.write(silent(part))
    made = io.BytesIO()
    pdf.save(made, static_id=True)
    return made.getvalue()
