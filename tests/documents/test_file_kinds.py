"""What a file is recognised as, by what it holds; and what is never taken."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workflow import NotAllowed
from documents import file_kinds
from documents.file_kinds import kinds, listed, recognise, safe_name
from tests.documents import made
from tests.refusals import not_allowed

TAKEN, REFUSED = made.taken(), made.refused()


SENTENCES = {file_kinds.refusal(name).message for name in listed()["refusals"]}


def judged(data: bytes, name: str) -> bool:
    """Whether it is taken as a kind of the list, or refused in the list's words; nothing else may
    come of any bytes.
    """
    try:
        return recognise(data, name).kind.name in kinds()
    except NotAllowed as refused:
        return refused.message in SENTENCES


@pytest.mark.parametrize("name", TAKEN)
def test_file_is_taken_for_what_the_programs_that_wrote_it_say(name: str):
    kind, data = TAKEN[name]
    assert recognise(data, name).kind.name == kind


@pytest.mark.parametrize("name", REFUSED)
def test_file_of_no_kind_that_is_taken_is_refused_and_told_what_to_do(name: str):
    entry, data = REFUSED[name]
    with pytest.raises(NotAllowed) as refused:
        recognise(data, name)
    assert refused.value.message == file_kinds.refusal(entry).message
    assert refused.value.field == "file"


def test_word_on_the_web_names_its_main_part_otherwise():
    data = made.case("word-online-document2.docx")
    assert recognise(data, "plan.docx").kind.name == "docx"


@pytest.mark.parametrize("name", TAKEN)
def test_name_of_another_kind_changes_nothing_but_how_it_ends(name: str):
    kind, data = TAKEN[name]
    if kind in ("text", "eml"):
        return
    found = recognise(data, "Minutes 3.12.2026.exe")
    assert (found.kind.name, found.name) == (kind, f"Minutes 3.12.2026{kinds()[kind].suffixes[0]}")


def test_text_keeps_its_encoding():
    encodings = {
        "notes.txt": "utf-8",
        "ansi.txt": "windows-1252",
        "notepad.txt": "utf-16",
    }
    for name, encoding in encodings.items():
        assert recognise(TAKEN[name][1], name).content_type == f"text/plain; charset={encoding}"


def test_too_large_is_refused_before_it_is_looked_at():
    with not_allowed("file-too-large", "file"):
        recognise(b"%PDF-" + b"x" * file_kinds.LARGEST, "a.pdf")


def test_package_that_is_damaged_inside_is_refused_in_words():
    with not_allowed("file-damaged", "file"):
        recognise(made.damaged_package(), "rota.odt")


def test_package_that_unpacks_to_gigabytes_is_not_unpacked():
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("[Content_Types].xml", "w", force_zip64=True) as member,
    ):
        for _ in range(200):
            member.write(b" " * 1_000_000)
    with not_allowed("kind-not-taken", "file"):
        recognise(out.getvalue(), "bomb.docx")


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Rota für Montag.pdf", "Rota für Montag.pdf"),
        ("O’Brien & Llŷn (final), 50%.pdf", "O’Brien & Llŷn (final), 50%.pdf"),
        ("Минуты встречи.PDF", "Минуты встречи.PDF"),
        ("計画.pdf", "計画.pdf"),
        ("Llŷn.pdf", "Llŷn.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\Person\\plan.pdf", "plan.pdf"),
        ("Minutes 3.12", "Minutes 3.12.pdf"),
        ("plan.docx", "plan.pdf"),
        ("evil\u202efdp.exe", "evilfdp.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "a_bSet-Cookie_ x.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("", "file.pdf"),
        (".pdf", "file.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_name_is_kept_as_far_as_every_system_can_save_it(given_name: str, kept: str):
    assert safe_name(given_name, kinds()["pdf"]) == kept


@given(st.text(max_size=400), st.sampled_from(sorted(kinds())))
def test_any_name_becomes_one_that_can_be_saved(name: str, kind: str):
    safe = safe_name(name, kinds()[kind])
    assert safe.lower().endswith(kinds()[kind].suffixes)
    assert len(safe) <= 120
    assert len(safe.encode()) <= 255
    assert not set(safe) & set('<>:"/\\|?*\r\n\0')
    assert safe == safe_name(safe, kinds()[kind])


@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_bytes_are_recognised_or_refused_in_words(data: bytes, name: str):
    assert judged(data, name)


@given(
    st.sampled_from(sorted({*TAKEN, *REFUSED})),
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=8),
    st.integers(0, 5000),
)
def test_damaged_file_is_recognised_or_refused_in_words(
    name: str, changes: list[tuple[int, int]], length: int
):
    data = bytearray({**TAKEN, **REFUSED}[name][1])
    for place, value in changes:
        if data:
            data[place % len(data)] = value
    assert judged(bytes(data[: length or len(data)]), name)


@given(st.text(max_size=50), st.sampled_from(["script", "HTML", "svg", "Iframe"]), st.text())
def test_markup_is_never_taken_for_text(before: str, tag: str, after: str):
    text = f"{before}<{tag}>{after}"
    for encoding in ("utf-8", "utf-16"):
        with pytest.raises(NotAllowed):
            recognise(text.encode(encoding, "replace"), "notes.txt")


def test_each_refusal_of_the_list_is_used_and_each_that_is_used_is_there():
    rules = listed()
    used = {
        entry["refused"] for entry in (*rules["others"], *rules["compounds"]) if "refused" in entry
    }
    texts = rules["texts"]
    used |= {e["refused"] for e in (*texts["refused_starts"], *texts["refused_anywhere"])}
    used |= set(texts["refused_suffixes"])
    code = {"empty", "too_large", "unknown", "damaged", "damaged_picture", "large_picture"}
    assert used | code | {"moving", "macros", "archive"} == set(rules["refusals"])
    kinds_named = {e["kind"] for e in (*rules["signatures"], *rules["compounds"]) if "kind" in e}
    packages = {*rules["packages"]["main_parts"].values(), *rules["packages"]["types"].values()}
    assert kinds_named | packages | {"eml", "text"} == set(rules["kinds"])
    assert all(main == main.lower() for main in rules["packages"]["main_parts"])
