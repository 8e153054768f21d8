"""Pdf files for tests, built object by object so that every hiding place can be filled."""

import io
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from tests.support.picture_files import plain_jpeg, zipped

SHOWN = "BT /F1 12 Tf 20 160 Td (Table of results) Tj ET 20 20 m 180 140 l S\n"


def page(pdf: Pdf, content: str) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    resources = Dictionary(Font=Dictionary(F1=pdf.make_indirect(font)))
    made = Dictionary(Type=Name.Page, MediaBox=Array([0, 0, 400, 200]), Resources=resources)
    made.Contents = pdf.make_stream(content.encode("latin-1"))
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(made)))


def built(
    *contents: str, change: Callable[[Pdf], object] | None = None, password: pikepdf.Encryption | None = None
) -> bytes:
    """A pdf of pages with these contents, changed as wanted before it is saved."""
    pdf = Pdf.new()
    for content in contents or (SHOWN,):
        page(pdf, content)
    if change is not None:
        change(pdf)
    buffer = io.BytesIO()
    pdf.save(buffer, deterministic_id=password is None, encryption=password)
    return buffer.getvalue()


def changed(**keys: object) -> Callable[[Pdf], object]:
    """A change that sets keys of the first page."""

    def change(pdf: Pdf) -> None:
        for key, value in keys.items():
            pdf.pages[0].obj[f"/{key}"] = value

    return change


def note(secret: str) -> Array:
    return Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([9, 9, 20, 20]), Contents=String(secret))]
    )


def under_picture(secret: str) -> bytes:
    def change(pdf: Pdf) -> None:
        image = pdf.make_stream(plain_jpeg())
        image.update(
            Dictionary(
                Type=Name.XObject, Subtype=Name.Image, Width=120, Height=80, ColorSpace=Name.DeviceRGB,
                BitsPerComponent=8, Filter=Name.DCTDecode,
            )
        )  # fmt: skip
        pdf.pages[0].Resources.XObject = Dictionary(I1=image)

    hidden = f"BT /F1 6 Tf 30 50 Td ({secret}) Tj ET q 350 0 0 150 10 10 cm /I1 Do Q\n"
    return built(SHOWN + hidden, change=change)


def in_form(secret: str) -> bytes:
    """White text in a form that the page draws."""

    def change(pdf: Pdf) -> None:
        form = pdf.make_stream(f"1 1 1 rg BT /F1 8 Tf 5 5 Td ({secret}) Tj ET".encode())
        form.update(Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 400, 200])))
        form.Resources = Dictionary(Font=pdf.pages[0].Resources.Font)
        pdf.pages[0].Resources.XObject = Dictionary(X1=form)

    return built(SHOWN + "q 1 0 0 1 20 40 cm /X1 Do Q\n", change=change)


def outlined(secret: str) -> Callable[[Pdf], object]:
    def change(pdf: Pdf) -> None:
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem(secret, 0))

    return change


def titled(secret: str) -> Callable[[Pdf], object]:
    def change(pdf: Pdf) -> None:
        pdf.docinfo["/Title"] = secret

    return change


def xmp(secret: str) -> Callable[[Pdf], object]:
    def change(pdf: Pdf) -> None:
        with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:creator"] = [secret]

    return change


def structured(secret: str) -> Callable[[Pdf], object]:
    def change(pdf: Pdf) -> None:
        figure = Dictionary(
            Type=Name.StructElem, S=Name.Figure, Alt=String(secret), ActualText=String(secret)
        )
        pdf.Root.StructTreeRoot = pdf.make_indirect(
            Dictionary(Type=Name.StructTreeRoot, K=Array([pdf.make_indirect(figure)]))
        )

    return change


def field(secret: str) -> Callable[[Pdf], object]:
    def change(pdf: Pdf) -> None:
        widget = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String("f"),
            V=String(secret),
            Rect=Array([9, 9, 90, 20]),
        )
        widget = pdf.make_indirect(widget)
        pdf.Root.AcroForm = Dictionary(Fields=Array([widget]))
        pdf.pages[0].obj.Annots = Array([widget])

    return change


def hiding_pdfs(secret: str) -> dict[str, bytes]:
    """The secret in every part of a pdf that is not seen on its pages."""
    text = f"BT /F1 8 Tf 20 100 Td ({secret}) Tj ET\n"
    return {
        "no ink": built(SHOWN + f"BT 3 Tr /F1 8 Tf 20 100 Td ({secret}) Tj ET"),
        "white": built(SHOWN + "1 1 1 rg " + text),
        "nearly white": built(SHOWN + ".99 1 1 rg " + text),
        "white in a form": in_form(secret),
        "under a picture": under_picture(secret),
        "covered": built(SHOWN + text + "1 1 1 rg 10 90 380 30 re f"),
        "outside the page": built(SHOWN + f"BT /F1 8 Tf 20 900 Td ({secret}) Tj ET"),
        "outside the crop": built(SHOWN + text, change=changed(CropBox=Array([0, 130, 400, 200]))),
        "tiny": built(SHOWN + f"BT /F1 .1 Tf 20 100 Td ({secret}) Tj ET"),
        "clipped away": built(SHOWN + "q 0 0 5 5 re W n " + text + "Q"),
        "twice over": built(SHOWN + f"BT 3 Tr /F1 12 Tf 20 160 Td ({secret}) Tj ET"),
        "annotation": built(change=changed(Annots=note(secret))),
        "form field": built(change=field(secret)),
        "bookmark": built(change=outlined(secret)),
        "title": built(change=titled(secret)),
        "xmp": built(change=xmp(secret)),
        "structure": built(change=structured(secret)),
        "page label": built(change=changed(PieceInfo=Dictionary(X=Dictionary(Private=String(secret))))),
    }


def script(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def named_script(pdf: Pdf) -> None:
    action = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), action])))


def launch(pdf: Pdf) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]))
    link.A = Dictionary(S=Name.Launch, F=String("/bin/sh"))
    pdf.pages[0].obj.Annots = Array([link])


def attached(pdf: Pdf) -> None:
    pdf.attachments["patients.csv"] = b"id,age\n1,82\n"


def layered(pdf: Pdf) -> None:
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("hidden")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))


def revised(secret: str) -> bytes:
    """A pdf whose first version, with the secret, lies before an incremental save."""
    first = built(SHOWN + f"BT /F1 8 Tf 20 100 Td ({secret}) Tj ET")
    with Pdf.open(io.BytesIO(first)) as pdf:
        size = int(pdf.trailer.Size)
        root = pdf.Root.objgen[0]
    where = first.rindex(b"startxref") + len(b"startxref\n")
    before = int(first[where : first.index(b"\n", where)])
    body = b"\n%d 0 obj\n<< >>\nendobj\n" % size
    table = len(first) + len(body)
    place = len(first) + 1
    return (
        first
        + body
        + (
            b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size %d /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
            % (size, place, size + 1, root, before, table)
        )
    )


def refused_pdfs(secret: str) -> dict[str, tuple[bytes, str]]:
    """Pdf files that are refused, each with the code."""
    plain = built()
    return {
        "script": (built(change=script), "active_content"),
        "named script": (built(change=named_script), "active_content"),
        "launch": (built(change=launch), "active_content"),
        "attachment": (built(change=attached), "embedded_file"),
        "layers": (built(change=layered), "layers"),
        "earlier version": (revised(secret), "revisions"),
        "password": (built(password=pikepdf.Encryption(owner="a", user="b")), "encrypted"),
        "owner's password": (built(password=pikepdf.Encryption(owner="a", user="")), "encrypted"),
        "bytes behind": (plain + zipped(secret), "bytes_outside"),
        "bytes before": (secret.encode() + plain, "disagrees"),
        "cut": (plain[:-40], "truncated"),
        "many pages": (built(*[SHOWN] * 30), "too_many_pages"),
        "no pages": (built(change=lambda pdf: pdf.pages.__delitem__(0)), "empty"),
        "only a beginning": (b"%PDF-1.7\n", "truncated"),
    }
