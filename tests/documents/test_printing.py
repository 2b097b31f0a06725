import hashlib
import io
import re
import subprocess
from html import escape

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import glyphs, pdf, text
from documents.fonts import FALLBACK_FILES
from reports import scan
from reports.papers import rendering
from tests.documents.texts import ODD, cases, letters_of, texts
from tests.reports import factories

HEAD = (
    '<!doctype html><html lang="en-GB"><head><title>T</title>'
    '<meta name="dcterms.created" content="2021-05-20T09:30:00Z">'
    '<meta name="dcterms.modified" content="2021-05-20T09:30:00Z">'
    "<style>@page{size:A4;margin:20mm} body{font-family:'Liberation Sans';overflow-wrap:anywhere}"
    " .capitals{text-transform:uppercase}</style></head>"
)
A4, MARGIN = 595.3, 56.6  # points


def page(body: str) -> bytes:
    return pdf.make(f"{HEAD}<body><h1>T</h1>{body}</body></html>", assets={})


def read(content: bytes) -> str:
    return "\n".join(scan._poppler(content))


def fonts_of(content: bytes) -> dict[str, pikepdf.Object]:
    with pikepdf.open(io.BytesIO(content)) as opened:
        return {
            str(font.BaseFont).partition("+")[2]: font
            for sheet in opened.pages
            for font in sheet.Resources.Font.values()
        }


def letters_by_glyph(content: bytes) -> dict[str, dict[str, str]]:
    """Each font's own map from its glyphs to letters: what a screen reader says of them."""
    found: dict[str, dict[str, str]] = {}
    with pikepdf.open(io.BytesIO(content)) as opened:
        for sheet in opened.pages:
            for font in sheet.Resources.Font.values():
                lines = font.ToUnicode.read_bytes().decode().partition("endcodespacerange")[2]
                found[str(font.BaseFont)] = {
                    glyph: bytes.fromhex(letters).decode("utf-16-be")
                    for glyph, letters in re.findall(r"<([0-9a-f]{4})> <([0-9a-f]*)>\n", lines)
                }
    return found


def assert_can_be_read(content: bytes) -> None:
    """What both claims ask of letters: no glyph without its letters, and none of private use."""
    with pikepdf.open(io.BytesIO(content)) as opened, opened.open_metadata() as claims:
        assert (claims["pdfaid:part"], claims["pdfaid:conformance"]) == ("3", "A")
        assert claims["pdfuaid:part"] == "1"
    for font in letters_by_glyph(content).values():
        assert "0000" not in font, ".notdef is printed"
        for letters in font.values():
            assert letters
            assert not re.search("[\\x00\\ufeff\\ufffe\\uffff\\ue000-\\uf8ff]", letters)


@pytest.mark.parametrize("case", cases())
def test_what_stopped_a_paper_is_printed_in_it_letter_by_letter(case):
    kept = text.clean(case)
    appendix = factories.exempt_appendix(
        in_force=(factories.story(reasons=kept, service=kept.partition(" ")[0] + " House"),)
    )
    for content in (
        rendering.exempt_pdf(appendix),
        rendering.public_pdf(factories.public_paper(("Purpose", kept))),
    ):
        # A bullet makes an item of a list, in papers.
        wanted = kept.removeprefix("• ").split()
        assert " ".join(wanted) in " ".join(read(content).split())
        assert_can_be_read(content)


def test_what_came_before_the_door_is_printed_too():
    for case in cases():
        assert_can_be_read(page(f"<p>{case}</p>"))


@given(typed=texts(), heading=texts(20))
def test_any_text_is_printed_in_both_files_and_can_be_read_back(typed, heading):
    kept, title = text.clean(typed), text.clean_line(heading) or "A title"
    public = factories.public_paper(
        (title, f"A paragraph.\n\n{kept}"),
        masthead=factories.masthead(title=title, report_of=title, committee=title),
    )
    appendix = factories.exempt_appendix(
        in_force=(factories.story(service=title, provider=title, reasons=kept, district=kept),)
    )
    for content in (rendering.public_pdf(public), rendering.exempt_pdf(appendix)):
        assert_can_be_read(content)
        found = letters_of(read(content))
        for letter in set(letters_of(glyphs.printable(kept))):
            assert letter in found


@given(st.lists(st.sampled_from(ODD), min_size=1, max_size=8).map(" ".join))
def test_each_letter_is_read_back_as_often_as_it_is_printed(typed):
    content = page(f"<p>{escape(text.clean(typed))}</p>")
    printed = glyphs.printable(text.clean(typed))
    box = glyphs.BOX_EXPLAINED if glyphs.BOX in printed else ""
    assert letters_of(read(content)) == letters_of(f"T{printed}{box}")


@pytest.mark.deep
@given(texts(200))
def test_whatever_stands_on_a_page_it_is_made(typed):
    """Not through the door: as an older record may hold it, or another program wrote it."""
    escaped = escape(typed)
    content = page(f"<h2>{escaped}</h2><p><em>{escaped}</em> <b>{escaped}</b></p>")
    assert_can_be_read(content)


@pytest.mark.deep
def test_every_letter_of_the_fallback_font_is_printed_and_read_back():
    letters = [chr(code) for code in sorted(glyphs._drawn())]
    rows = [" ".join(letters[at : at + 60]) for at in range(0, len(letters), 60)]
    content = page("".join(f"<p>{row}</p><p><b>{row}</b></p>" for row in map(escape, rows)))
    assert_can_be_read(content)
    assert letters_of(read(content)) == letters_of("T" + "".join(rows) * 2)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("O₂ ✓ ☐ → • ½ café сл λ א", "O₂ ✓ ☐ → • ½ café сл λ א"),
        ("sia\N{COMBINING CIRCUMFLEX ACCENT}n", "siân"),
        # In its plainer form where it has one,
        ("𝐇ome ＡＢ Ⴀ \N{SQUARE KG}", "Home AB Ⴀ kg"),
        ("\N{GEORGIAN MTAVRULI CAPITAL LETTER AN}", "\N{GEORGIAN LETTER AN}"),
        ("\uf0b7 \uf0fc", "• ✓"),
        ("\u1fe0 \N{IDEOGRAPHIC SPACE}.", "\u1fe0 ▯."),
        # a sign by its name,
        ("\N{WATCH}\ufe0f", "[watch]"),
        ("\N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}", "[thumbs up sign]"),
        ("\N{GRINNING FACE}", "\N{GRINNING FACE}"),
        # and a box for the rest.
        ("養老院", "▯▯▯"),
        ("\ue000\U0010ffff\ud83d", "▯▯▯"),
        # What nobody sees stays away, but for a template's own.
        ("a\u200bb\x07c\u202ed", "abcd"),
        ("a\N{NO-BREAK SPACE}b\N{SOFT HYPHEN}c", "a\N{NO-BREAK SPACE}b\N{SOFT HYPHEN}c"),
        ("a\vb", "a b"),
    ],
)
def test_what_cannot_be_drawn_has_a_visible_substitute(typed, printed):
    assert glyphs.printable(typed) == printed


@given(texts())
def test_what_is_printed_can_be_drawn_and_is_not_changed_again(typed):
    printed = glyphs.printable(typed)
    assert glyphs.is_drawn(printed)
    assert glyphs.printable(printed) == printed


def test_a_substitute_is_never_markup():
    assert "<b>" not in read(page("<p>\N{FULLWIDTH LESS-THAN SIGN}i</p>"))
    assert "<i" in read(page("<p>\N{FULLWIDTH LESS-THAN SIGN}i</p>"))


def test_a_box_is_explained_below_the_text_where_one_is_printed():
    assert glyphs.BOX_EXPLAINED in read(page("<p>養老院</p>"))
    assert "stands for" not in read(page("<p>Elm House ✓</p>"))


def test_a_letter_under_a_mark_keeps_its_meaning_everywhere_else():
    # Before, every x after the first was read as nothing.
    content = page(
        "<p>x\N{COMBINING CIRCUMFLEX ACCENT} six boxes, Q\N{COMBINING DIAERESIS} Quay</p>"
    )
    assert "six boxes" in read(content)
    assert "Quay" in read(content)


def test_only_the_two_fonts_are_embedded_whatever_the_machine_has():
    content = page("<p>Elm ✓ <b>✓</b> <em>✓ é</em> \N{WATCH}</p>")
    assert {name.replace("-", " ") for name in fonts_of(content)} == {
        "Liberation Sans",
        "Liberation Sans Bold",
        "Liberation Sans Italic",
        "DejaVu Sans",
        "DejaVu Sans Bold",
    }


def test_the_fallback_font_is_the_pinned_one():
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FALLBACK_FILES}
    assert sums == {
        "DejaVuSans.ttf": "7da195a74c55bef988d0d48f9508bd5d849425c1770dba5d7bfc6ce9ed848954",
        "DejaVuSans-Bold.ttf": "e6476c1b80502924294eed40894c5b18e06c181444ca953e5334262df9c27724",
    }


def test_a_letter_that_cannot_be_printed_is_named_with_its_record_and_field():
    odd = "<p><b class=capitals>\N{GEORGIAN LETTER AN}</b></p>"
    with pytest.raises(pdf.PdfError) as failed:
        page(f"<h2>Elm House</h2><h3>Evidence</h3><p>All well.</p><h3>Reasons</h3>{odd}")
    said = str(failed.value)
    assert "U+1C90, georgian mtavruli capital letter an" in said
    assert said.endswith("in “T”, “Elm House”, “Reasons”.")


def test_where_a_letter_cannot_be_printed_is_said_in_the_words_that_all_may_read():
    odd = '<p data-field="“Reasons”" class=capitals>\N{GEORGIAN LETTER AN}</p>'
    with pytest.raises(pdf.PdfError) as failed:
        page(f'<article data-record="suspension 2"><h2>Elm House</h2>{odd}</article>')
    assert str(failed.value).endswith("in suspension 2, “Reasons”.")


def test_in_the_appendix_no_place_names_a_service():
    html = rendering.exempt_html(factories.exempt_appendix())
    body = html[html.index('<article class="story"') :]
    records = re.findall(r'data-(?:record|field)="([^"]*)"', body)
    assert records[0] == "suspension 1 of the Exempt Appendix"
    assert not any("Rosewood" in record for record in records)


def words_outside_the_margins(content: bytes) -> list[str]:
    done = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=content, capture_output=True, check=True
    )
    found = re.findall(r'xMin="([\d.-]+)".*?xMax="([\d.]+)".*?>(.*?)</word>', done.stdout.decode())
    return [word for left, right, word in found if float(right) > A4 - 50 or float(left) < 50]


def test_a_word_longer_than_its_line_is_broken_in_papers():
    long = "https://example.org/" + "W" * 400
    public = factories.public_paper(
        (f"A heading {long}", f"See {long}\n\n- {long}\n\n> {long}"),
        masthead=factories.masthead(title=f"Title {long[:140]}", report_of=long[:100]),
        background_papers=(long,),
    )
    appendix = factories.exempt_appendix(
        in_force=(factories.story(service=long[:150], district=long, reasons=long),)
    )
    for content in (rendering.public_pdf(public), rendering.exempt_pdf(appendix)):
        assert words_outside_the_margins(content) == []


def test_a_name_held_exempt_is_found_though_some_of_its_letters_are_printed_as_boxes():
    body = "At 養老院 Court, all is well."
    content = rendering.public_pdf(factories.public_paper(("Purpose", body)))
    assert "▯▯▯ Court" in read(content)
    [hit] = scan.scan(content, ["養老院 Court"], typed={"the section “Purpose”": body})
    assert hit.where == "the section “Purpose”"
