"""A name is planted in every place where a PDF can keep one; the scan must find it, and say
where.
"""

import gzip
import io
import json
import zipfile
import zlib
from pathlib import Path
from urllib.parse import quote

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import pdf
from reports import exempt, scan
from reports.papers import rendering
from reports.wanted import Wanted
from tests.documents.test_folding import respelt
from tests.reports import factories

NAME = "Rosewood Lodge"
SECRET = "Rosewood Lodge is suspended"


@pytest.fixture(scope="module")
def clean() -> bytes:
    return factories.public_pdf()


def changed(content: bytes, change) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as opened:
        change(opened)
        out = io.BytesIO()
        opened.save(out)
    return out.getvalue()


def on_page(opened: pikepdf.Pdf, operators: bytes) -> None:
    """Draw with a font that any reader knows, after what is on the first page."""
    sheet = opened.pages[0]
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    sheet.add_resource(font, pikepdf.Name.Font, pikepdf.Name.Planted)
    sheet.contents_add(b"q BT /Planted 12 Tf " + operators + b" ET Q")


def attach(opened: pikepdf.Pdf, name: str, data: bytes) -> None:
    opened.attachments[name] = pikepdf.AttachedFileSpec(opened, data, filename=name)


def annotate(opened: pikepdf.Pdf, **entries: object) -> None:
    annotation = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], **entries
    )
    opened.pages[0].Annots = pikepdf.Array([opened.make_indirect(annotation)])


def xmp(opened: pikepdf.Pdf) -> None:
    with opened.open_metadata() as metadata:
        metadata["dc:subject"] = {SECRET}


def xmp_escaped(opened: pikepdf.Pdf) -> None:
    packet = opened.Root.Metadata.read_bytes().replace(
        b"</x:xmpmeta>", b"<!-- &#82;osewood&#x20;Lodge --></x:xmpmeta>"
    )
    opened.Root.Metadata = opened.make_stream(
        packet, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML
    )


def bookmark(opened: pikepdf.Pdf) -> None:
    with opened.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(SECRET, 0))


def alternative(key: str):
    def change(opened: pikepdf.Pdf) -> None:
        element = next(
            found
            for found in opened.objects
            if isinstance(found, pikepdf.Dictionary) and "/S" in found
        )
        element[key] = pikepdf.String(SECRET)

    return change


def hidden_layer(opened: pikepdf.Pdf) -> None:
    layer = opened.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="Draft"))
    opened.Root.OCProperties = pikepdf.Dictionary(
        OCGs=[layer], D=pikepdf.Dictionary(OFF=[layer], Order=[layer])
    )
    opened.pages[0].add_resource(layer, pikepdf.Name.Properties, pikepdf.Name.Draft)
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    opened.pages[0].add_resource(font, pikepdf.Name.Font, pikepdf.Name.Planted)
    opened.pages[0].contents_add(
        b"/OC /Draft BDC BT /Planted 9 Tf 50 50 Td (Rosewood Lodge) Tj ET EMC"
    )


def layer_name(opened: pikepdf.Pdf) -> None:
    layer = opened.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=SECRET))
    opened.Root.OCProperties = pikepdf.Dictionary(OCGs=[layer], D=pikepdf.Dictionary(Order=[layer]))


def form_field(opened: pikepdf.Pdf) -> None:
    field = pikepdf.Dictionary(FT=pikepdf.Name.Tx, T="note", V=SECRET)
    opened.Root.AcroForm = pikepdf.Dictionary(Fields=[opened.make_indirect(field)])


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:t>{SECRET}</w:t>")
    return out.getvalue()


def unowned(opened: pikepdf.Pdf) -> None:
    opened.Root.PieceInfo = pikepdf.Dictionary(
        Us=pikepdf.Dictionary(Private=opened.make_stream(SECRET.encode()))
    )


def structure_id(opened: pikepdf.Pdf) -> None:
    element = next(
        found for found in opened.objects if isinstance(found, pikepdf.Dictionary) and "/S" in found
    )
    element.ID = pikepdf.String("rosewood-lodge")


PLANTED = {
    "in the text": (lambda o: on_page(o, b"50 50 Td (Rosewood Lodge) Tj"), "page 1"),
    "in white": (lambda o: on_page(o, b"1 g 50 50 Td (Rosewood Lodge) Tj"), "page 1"),
    "in invisible ink": (lambda o: on_page(o, b"3 Tr 50 50 Td (Rosewood Lodge) Tj"), "page 1"),
    "off the page": (lambda o: on_page(o, b"5000 5000 Td (Rosewood Lodge) Tj"), "page 1"),
    "one point high": (
        lambda o: on_page(o, b"0.01 0 0 0.01 50 50 Tm (Rosewood Lodge) Tj"),
        "page 1",
    ),
    "kerned apart": (
        lambda o: on_page(o, b"50 50 Td [(Ro) -300 (sewood) -300 (Lod) -900 (ge)] TJ"),
        "page 1",
    ),
    "spaced by letter": (
        lambda o: on_page(o, b"50 50 Td (R o s e w o o d  L o d g e) Tj"),
        "page 1",
    ),
    "over two lines": (
        lambda o: on_page(o, b"50 60 Td (Rosewood) Tj 0 -14 Td (Lodge) Tj"),
        "page 1",
    ),
    "in a hidden layer": (hidden_layer, "page 1"),
    "as a layer's name": (layer_name, "layer"),
    "title in the metadata": (lambda o: o.docinfo.__setitem__("/Title", SECRET), "metadata"),
    "own key in the metadata": (
        lambda o: o.docinfo.__setitem__("/Rosewood#20Lodge", "x"),
        "metadata",
    ),
    "in UTF-16 metadata": (lambda o: o.docinfo.__setitem__("/Subject", SECRET + " – "), "metadata"),
    "in XMP": (xmp, "metadata"),
    "in XMP, escaped": (xmp_escaped, "metadata"),
    "attachment": (lambda o: attach(o, "notes.txt", SECRET.encode()), "attachment"),
    "attachment in UTF-16": (
        lambda o: attach(o, "notes.txt", SECRET.encode("utf-16-le")),
        "attachment",
    ),
    "attachment's name": (lambda o: attach(o, "rosewood_lodge.txt", b"x"), "attachment"),
    "attached Word file": (lambda o: attach(o, "notes.docx", zipped()), "attachment"),
    "attached gzip": (
        lambda o: attach(o, "notes.gz", gzip.compress(SECRET.encode())),
        "attachment",
    ),
    "attached PDF": (
        lambda o: attach(o, "x.pdf", factories.public_pdf(("Purpose", SECRET))),
        "attachment (page 1)",
    ),
    "bookmark": (bookmark, "bookmark"),
    "alternative text": (alternative("/Alt"), "alternative text"),
    "actual text": (alternative("/ActualText"), "alternative text"),
    "expansion": (alternative("/E"), "alternative text"),
    "structure's name": (structure_id, "structure"),
    "annotation": (lambda o: annotate(o, Contents=SECRET), "annotation"),
    "annotation's author": (lambda o: annotate(o, T=SECRET), "structure or form field"),
    "link": (
        lambda o: annotate(o, A=pikepdf.Dictionary(URI=f"https://x.example/{quote(SECRET)}")),
        "link",
    ),
    "script": (
        lambda o: o.Root.__setitem__(
            "/OpenAction", pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=SECRET)
        ),
        "script",
    ),
    "form field": (form_field, "inside the file"),
    "private data": (unowned, "inside the file"),
    "resource's name": (
        lambda o: o.pages[0].Resources.__setitem__("/Rosewood_Lodge", pikepdf.Dictionary()),
        "inside the file",
    ),
}


def test_the_clean_paper_is_clean(clean):
    assert scan.scan(clean, [NAME, "Ash", "The Elms", "Ace"]) == []


@pytest.mark.parametrize("place", PLANTED)
def test_a_planted_name_is_found_and_its_place_named(clean, place):
    plant, where = PLANTED[place]
    hits = scan.scan(changed(clean, plant), [NAME, "Elm Court Nursing Home"])
    assert {hit.name for hit in hits} == {NAME}
    assert where in {hit.where for hit in hits}


def test_what_an_update_replaced_is_found_in_the_raw_bytes(clean):
    replaced = (
        b"9999 0 obj\n<<>>\nstream\n" + zlib.compress(SECRET.encode()) + b"\nendstream\nendobj\n"
    )
    assert scan.scan(clean + replaced, [NAME])


def test_a_comment_behind_the_end_is_found(clean):
    assert scan.scan(clean + b"% Rosewood Lodge\n", [NAME])


@pytest.mark.parametrize(
    "typed",
    [
        "ROSEWOOD LODGE",
        "rosewoodlodge",
        "Rosewood-Lodge's",
        "Rosewood\nLodge",
        "the Rosewood  –  Lodge home",
        "Rose\u00adwood Lodge",
        "Rose\u200bwood Lodge",
        "Ｒｏｓｅｗｏｏｄ Ｌｏｄｇｅ",
        "Rosewo\N{COMBINING DIAERESIS}od Lodge",
        "R.O.S.E.W.O.O.D. Lodge",
    ],
)
def test_spelling_does_not_hide_a_name(clean, typed):
    hits = scan.scan(clean, [NAME], typed={"the section Ratings": f"We saw {typed} again"})
    assert [hit.where for hit in hits] == ["the section Ratings"]


def test_names_in_a_rendered_paper_are_found_with_their_page_and_words():
    content = factories.public_pdf(("Purpose", "A visit to Rosewood\nLodge went well."))
    [hit] = scan.scan(content, [NAME])
    assert hit.where == "page 1"
    assert "A visit to Rosewood Lodge went well" in hit.context


def test_a_name_that_runs_over_a_page_end_is_found():
    html = rendering.public_html(
        factories.public_paper(("Purpose", "It is said of Rosewood BREAK Lodge today."))
    )
    html = html.replace("BREAK", '<span style="display: block; break-before: page"></span>')
    hits = scan.scan(pdf.make(html, assets=rendering._assets()), [NAME])
    assert {hit.where for hit in hits} == {"pages 1 and 2"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Ash", "Ashfield, washing and a dash"),
        ("The Elms", "the elmswood, bathe Elmstead"),
        ("Ace", "place, peace"),
        ("Rose", "Rosewood and prose"),
    ],
)
def test_a_short_name_is_not_found_inside_words(clean, name, text):
    assert scan.scan(clean, [name], typed={"here": text}) == []


@pytest.mark.parametrize("text", ["to Ash, where", "ASH", "(Ash)", "Ash’s"])
def test_a_short_name_is_found_as_a_word(clean, text):
    assert scan.scan(clean, ["Ash"], typed={"here": text})


def test_ampersand_is_and(clean):
    assert scan.scan(clean, ["Oak & Elm House"], typed={"here": "Oak and Elm House"})
    assert scan.scan(clean, ["Oak and Elm House"], typed={"here": "OAK & ELM HOUSE"})


def test_a_name_is_not_put_together_from_two_strings(clean):
    def change(opened):
        opened.docinfo["/Subject"] = "Rosewood"
        opened.docinfo["/Keywords"] = "Lodge"

    assert scan.scan(changed(clean, change), [NAME]) == []


def test_a_picture_refuses_the_file(clean):
    def change(opened):
        picture = opened.make_stream(
            b"\0" * 12, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image
        )
        opened.pages[0].add_resource(picture, pikepdf.Name.XObject)

    with pytest.raises(scan.ScanError, match="picture"):
        scan.scan(changed(clean, change), [NAME])


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 nothing", b"not a PDF"])
def test_what_cannot_be_read_is_refused(content):
    with pytest.raises(scan.ScanError):
        scan.scan(content, [NAME])


def test_a_cut_file_is_refused(clean):
    with pytest.raises(scan.ScanError):
        scan.scan(clean[: len(clean) // 2], [NAME])


def test_an_encrypted_file_is_refused(clean):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(clean)) as opened:
        opened.save(out, encryption=pikepdf.Encryption(owner="x", user=""))
    with pytest.raises(scan.ScanError):
        scan.scan(out.getvalue(), [NAME])


def test_an_unreadable_stream_is_refused(clean):
    def change(opened):
        broken = opened.make_stream(b"not deflated")
        broken.write(b"not deflated", filter=pikepdf.Name.DCTDecode)
        opened.Root.Us = broken

    with pytest.raises(scan.ScanError):
        scan.scan(changed(clean, change), [NAME])


def test_no_reader_refuses(clean, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(scan.ScanError):
        scan.scan(clean, [NAME])


def test_a_name_without_letters_refuses(clean):
    with pytest.raises(scan.ScanError):
        scan.scan(clean, ["—"])


HELD = json.loads(
    (Path(__file__).parent.parent / "data" / "names" / "scan-names.json").read_text("utf-8")
)


def names_of(held: str) -> set[str]:
    """A name as a paper's held names have it: whole, and as people say it."""
    return {held, *exempt.shortened(held)}


@pytest.mark.parametrize("case", HELD, ids=lambda case: case["held"])
def test_name_is_found_in_every_spelling(clean, case):
    hits = scan.scan(clean, names_of(case["held"]), typed={"section 1": case["public_text"]})
    assert {hit.where for hit in hits} == ({"section 1"} if case["must"] == "hit" else set())


@pytest.mark.parametrize(
    ("held", "text"),
    [
        ("Ash House", "washing the ash trees"),
        ("Andover Care Home", "those aged 90 and over in 20 homes"),
        ("Thea", "in the A60 and the area"),
        ("The Elms", "to soothe elmsford"),
        ("Oaks Residential Home", "under oak saplings"),
        ("St Anne's", "the best Anne seen"),
    ],
)
def test_ordinary_words_are_no_name(held, text):
    assert list(Wanted(names_of(held)).find(text, "section 1")) == []


@st.composite
def torn(draw: st.DrawFn) -> tuple[str, str]:
    """A short name, and the same with gaps anywhere between its letters."""
    name = draw(st.sampled_from(["Elmwood", "Oaklea", "Ashlea", "Rosehay", "Bjørnik"]))
    gap = st.sampled_from(["", "", " ", "-", "\u00ad", "\n", "\u2011", " \u2013 "])
    return name, "".join(letter + draw(gap) for letter in name)


@given(torn())
def test_short_name_is_found_with_any_gap_between_its_letters(names):
    name, other = names
    assert list(Wanted([name]).find(f"visits to {other} went well", "section 1"))


@given(respelt())
def test_name_is_found_as_anybody_spells_it(names):
    name, other = names
    assert list(Wanted([name]).find(f"people at {other}, they said", "section 1"))
