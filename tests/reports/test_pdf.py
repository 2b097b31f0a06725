import io
from collections.abc import Iterator

import pikepdf
import pytest
from jinja2 import UndefinedError

from documents import pdf
from reports.papers import rendering
from tests.reports import factories

HEAD = (
    '<!doctype html><html lang="en-GB"><head><title>T</title>'
    '<meta name="dcterms.created" content="2021-05-20T09:30:00Z">'
    '<meta name="dcterms.modified" content="2021-05-20T09:30:00Z">'
    "<style>body{font-family:'Liberation Sans'}</style>"
)


def page(body: str, head: str = HEAD) -> str:
    return f"{head}</head><body><h1>T</h1>{body}</body></html>"


def test_the_same_paper_makes_the_same_bytes():
    assert factories.public_pdf() == factories.public_pdf()


def test_file_claims_both_standards_and_names_itself():
    with (
        pikepdf.open(io.BytesIO(factories.public_pdf())) as opened,
        opened.open_metadata() as metadata,
    ):
        assert metadata["pdfaid:part"] == "3"
        assert metadata["pdfaid:conformance"] == "A"
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Market management position statement, 14 June 2021"
        assert opened.Root.Lang == "en-GB"
        assert opened.Root.MarkInfo.Marked
        assert opened.Root.ViewerPreferences.DisplayDocTitle


def test_every_cell_of_the_regional_table_leads_to_the_headers_that_a_reader_sees():
    with pikepdf.open(io.BytesIO(factories.public_pdf())) as opened:
        seen = headers_by_cell(opened, caption="Current overall ratings")
    expected = []
    for line in factories.AUGUST_2019.strip().split("\n"):
        authority, *groups = line.split("|")
        for kind, group in zip(factories.SERVICE_TYPES, groups, strict=True):
            *shares, unrated = group.split()
            for letters, share in zip(("IA", "RI", "GO", "OU"), shares, strict=True):
                expected.append((share, {authority, letters, f"{kind}: ratings as % of rated"}))
            expected.append((unrated, {authority, "% of all not yet rated"}))
    assert seen == expected


def headers_by_cell(opened: pikepdf.Pdf, caption: str) -> list[tuple[str, set[str]]]:
    """Each data cell's text with its headers' text, looked up as a reader would: by name in the ID
    tree.
    """
    names = list(opened.Root.StructTreeRoot.IDTree.Kids[0].Names)
    by_name = {str(names[i]): names[i + 1] for i in range(0, len(names), 2)}
    texts = marked_texts(opened)

    def text(element: pikepdf.Object) -> str:
        return " ".join("".join(pieces(element)).split())

    def pieces(element: pikepdf.Object) -> Iterator[str]:
        for kid in element.K:
            if isinstance(kid, int):
                yield texts[element.Pg.objgen, kid] + " "
            else:
                yield from pieces(kid)

    [table] = [
        found
        for found in opened.objects
        if isinstance(found, pikepdf.Dictionary)
        and found.get("/S") == "/Table"
        and caption in text(found)
    ]
    cells = []
    for kid in [row_cell for row in rows(table) for row_cell in row.K if row_cell.S == "/TD"]:
        headers = kid.A.Headers
        assert len(headers) == len({str(name) for name in headers})
        cells.append((text(kid), {text(by_name[str(name)]) for name in headers}))
    for kid in [row_cell for row in rows(table) for row_cell in row.K if row_cell.S == "/TH"]:
        assert kid.A.Scope in ("/Row", "/Column")
    return cells


def rows(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    for kid in element.K:
        if kid.S == "/TR":
            yield kid
        elif kid.S in ("/THead", "/TBody"):
            yield from rows(kid)


def marked_texts(opened: pikepdf.Pdf) -> dict[tuple[tuple[int, int], int], str]:
    """The text of each marked piece of content, through its font's own map to letters."""
    found = {}
    for sheet in opened.pages:
        maps = {name: letters(font) for name, font in sheet.Resources.Font.items()}
        font, mark = "", None
        for operands, operator in pikepdf.parse_content_stream(sheet):
            match str(operator):
                case "Tf":
                    font = str(operands[0])
                case "BDC":
                    mark = int(operands[1].MCID) if "/MCID" in operands[1] else None
                    if mark is not None:
                        found[sheet.objgen, mark] = ""
                case "Tj" | "TJ" if mark is not None:
                    for shown in operands[0] if str(operator) == "TJ" else operands:
                        if isinstance(shown, pikepdf.String):
                            codes = bytes(shown).hex()
                            found[sheet.objgen, mark] += "".join(
                                maps[font][codes[i : i + 4]] for i in range(0, len(codes), 4)
                            )
    return found


def letters(font: pikepdf.Object) -> dict[str, str]:
    lines = font.ToUnicode.read_bytes().decode().splitlines()
    pairs = [
        line.strip("<>").split("> <") for line in lines if line.startswith("<") and "> <" in line
    ]
    return {pair[0]: bytes.fromhex(pair[1]).decode("utf-16-be") for pair in pairs if len(pair) == 2}


@pytest.mark.parametrize(
    "body",
    [
        '<img src="file:///etc/hostname" alt="x">',
        '<img src="http://127.0.0.1/x.png" alt="x">',
        '<img src="data:image/png;base64,iVBORw0KGgo=" alt="x">',
        '<link rel="stylesheet" href="paper:other.css">',
        "<style>@import 'file:///etc/passwd';</style>",
        "<div style=\"background: url('file:///etc/passwd')\">x</div>",
    ],
)
def test_a_paper_fetches_nothing_but_its_own_assets(body):
    with pytest.raises(pdf.PdfError, match="may not fetch"):
        pdf.make(page(body), assets={})


def test_an_attachment_is_refused():
    with pytest.raises(pdf.PdfError, match="may not fetch"):
        pdf.make(page("x", HEAD + '<link rel="attachment" href="file:///etc/hostname">'), assets={})


@pytest.mark.parametrize(
    ("html", "why"),
    [
        (page('<img src="relative.png" alt="x">'), "could not be set"),
        (page('<b style="text-transform: uppercase">\N{GEORGIAN LETTER AN}</b>'), "cannot print"),
        (page("x").replace(' lang="en-GB"', ""), "no lang"),
        (page("x").replace("<title>T</title>", ""), "no title"),
    ],
)
def test_a_defective_paper_is_refused_with_the_reason(html, why):
    with pytest.raises(pdf.PdfError, match=why):
        pdf.make(html, assets={})


def test_progress_only_goes_forward():
    heard = []
    rendering.public_pdf(
        factories.public_paper(), on_progress=lambda percent, label: heard.append(percent)
    )
    assert heard == sorted(heard)
    assert heard[-1] == 90


def test_paragraph_numbers_run_through_the_paper():
    html = rendering.public_html(factories.public_paper())
    assert [f">{n}.</span>" in html for n in range(1, 6)] == [True, True, True, True, False]


def test_typed_text_is_never_markup():
    html = rendering.public_html(factories.public_paper(("Purpose", "<img src=x> {{ paper }}")))
    assert "&lt;img src=x&gt; {{ paper }}" in html


def test_a_public_template_cannot_reach_what_is_not_in_its_content():
    template = rendering._environment().from_string("{{ paper.stories }}")
    with pytest.raises(UndefinedError):
        template.render(paper=factories.public_paper())


def test_the_exempt_appendix_says_so_on_cover_every_page_and_title():
    content = rendering.exempt_pdf(
        factories.exempt_appendix(
            in_force=(factories.story(), factories.story(service="Elm Court"))
        )
    )
    from reports.scan import _poppler

    pages = _poppler(content)
    assert len(pages) == 3
    for sheet in pages:
        assert "Exempt: not for publication. Paragraph 3, Part 1, Schedule 12A" in sheet
    assert "better kept exempt" in pages[0]
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert str(opened.docinfo.Title).startswith("EXEMPT APPENDIX, not for publication")
