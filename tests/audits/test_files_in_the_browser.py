"""Files in a real browser: a device without a network takes and refuses what the server does, and
the forms at the desk work on a laptop and on a telephone.
"""

import base64
import io
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from audits.models import Attachment, Visit
from core.models import User
from core.workflow import NotAllowed
from documents.file_kinds import recognise
from documents.models import StoredFile
from providers.models import Service
from suspensions.models import Suspension, SuspensionFile
from tests.audits.devices import kept, look, sign_in, unsent
from tests.axe import violations
from tests.documents import made

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]
SIZES = {"laptop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
SHOTS = os.environ.get("SCREENSHOTS", "")
JUDGE = """async (files) => {
  const judged = [];
  for (const [name, packed] of files) {
    const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
    judged.push(await carequality.fileKinds.check(bytes, name));
  }
  return judged;
}"""


def by_the_device(page: Page, files: Iterable[tuple[str, bytes]]) -> list[dict[str, Any]]:
    packed = [[name, base64.b64encode(data).decode()] for name, data in files]
    judged: list[dict[str, Any]] = page.evaluate(JUDGE, packed)
    return judged


def by_the_server(name: str, data: bytes) -> dict[str, Any]:
    try:
        kind = recognise(data, name).kind
    except NotAllowed as refusal:
        return {"fault": refusal.message}
    return {"kind": kind.name, "isPicture": kind.is_picture}


def test_device_takes_and_refuses_what_the_server_does_in_the_same_words(
    laptop: Callable[..., Page], person: Callable[..., User]
) -> None:
    page = laptop(person("Officer"), None)
    files = [(name, data) for name, (_, data) in {**made.taken(), **made.refused()}.items()]
    files.append(("rota.odt", made.damaged_package()))
    files += [("plan.pdf", data) for _, data in files]
    for (name, data), judged in zip(files, by_the_device(page, files), strict=True):
        assert judged == by_the_server(name, data), name


def test_device_never_refuses_a_damaged_file_that_the_server_would_take(
    laptop: Callable[..., Page], person: Callable[..., User]
) -> None:
    page, rng = laptop(person("Officer"), None), Random(43)
    files = []
    for name, (_, data) in {**made.taken(), **made.refused()}.items():
        for _ in range(6):
            broken = bytearray(data)
            for _ in range(rng.randint(1, 6) if broken else 0):
                broken[rng.randrange(len(broken))] = rng.randrange(256)
            files.append((name, bytes(broken[: rng.choice([len(broken), rng.randint(0, 2000)])])))
    for (name, data), judged in zip(files, by_the_device(page, files), strict=True):
        if "fault" in judged:
            assert "fault" in by_the_server(name, data), (name, data[:200])


def choose(page: Page, label: str, name: str, data: bytes) -> None:
    page.get_by_label(label, exact=True).set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )


@pytest.mark.parametrize("size", SIZES)
def test_without_a_network_what_is_not_taken_is_refused_at_once_and_the_rest_arrives(
    size: str, laptop: Callable[..., Page], visit: Visit, person: Callable[..., User]
) -> None:
    page = laptop(person("Officer"), visit)
    page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]  # of these two sizes
    page.context.set_offline(True)
    page.get_by_role("button", name="Add a photograph or document of the visit").click()
    dialog = page.get_by_role("dialog")
    add, box = dialog.get_by_role("button", name="Add the file"), "Photograph or document"
    dialog.get_by_label("What does it show?").fill("The rota")
    for name, says in (
        ("rota.pdf", "We cannot take programs"),
        ("drawing.svg", "We cannot take web pages"),
        ("locked.docx", "needs a password"),
        ("cut.jpg", "The photograph is damaged"),
    ):
        data = {"rota.pdf": b"MZ\x90\x00\x03", "cut.jpg": made.photograph()[:60]}.get(name)
        choose(page, box, name, data or made.refused()[name][1])
        add.click()
        expect(dialog.get_by_role("alert")).to_contain_text(says)
        # What was typed stays, and so does the dialog.
        expect(dialog.get_by_label("What does it show?")).to_have_value("The rota")
    look(page, f"offline-file-refused-{size}")
    unsent(page, 0)
    taken = {
        "outlook.msg": made.message(),
        "word-online.docx": made.case("word-online-document2.docx"),
        "IMG_0001.HEIC": made.case("turned.heic"),
        "odd.jpg": made.case("photo-odd-exif-Software.jpg"),
        "scan.png": made.case("scan-16bit-grey.png"),
        "drawing.png": see_through(),
    }
    for number, (name, data) in enumerate(taken.items(), 1):
        if number > 1:
            page.get_by_role("button", name="Add a photograph or document of the visit").click()
        choose(page, box, name, data)
        dialog.get_by_label("What does it show?").fill(name)
        add.click()
        expect(dialog).to_have_count(0)
        kept(page, number)
    look(page, f"offline-files-kept-{size}")
    page.context.set_offline(False)
    unsent(page, 0)
    files = {held.caption: held.file for held in Attachment.objects.all()}
    assert {name: file.name for name, file in files.items()} == {
        "outlook.msg": "outlook.msg",
        "word-online.docx": "word-online.docx",
        "IMG_0001.HEIC": "photograph.jpg",
        "odd.jpg": "photograph.jpg",
        "scan.png": "photograph.jpg",
        "drawing.png": "photograph.jpg",
    }
    assert picture_of(files["IMG_0001.HEIC"]).size == (80, 120)
    assert picture_of(files["odd.jpg"]).size == (40, 60)
    scan = picture_of(files["scan.png"]).convert("L").resize((1, 1), Image.Resampling.BOX)
    assert 115 < scan.getpixel((0, 0)) < 140
    assert picture_of(files["drawing.png"]).getpixel((36, 10)) == pytest.approx((255,) * 3, abs=8)


def see_through() -> bytes:
    image = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 20, 20))
    return made.picture(image)


def picture_of(file: StoredFile) -> Image.Image:
    image = Image.open(io.BytesIO(bytes(file.contents.get(role="kept").data)))
    image.load()
    return image


@pytest.fixture
def desk(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """A browser of that size, signed in, at the address of a page."""
    contexts: list[BrowserContext] = []

    def start(person: User, size: str, url: str) -> Page:
        contexts.append(browser.new_context(viewport=SIZES[size]))  # type: ignore[arg-type]  # of two
        sign_in(contexts[-1], live_server.url, person)
        page = contexts[-1].new_page()
        page.goto(live_server.url + url)
        return page

    yield start
    for context in contexts:
        context.close()


@pytest.mark.parametrize("size", SIZES)
def test_files_are_added_and_seen_at_the_desk(
    size: str, desk: Callable[..., Page], visit: Visit, person: Callable[..., User]
) -> None:
    page = desk(person("Officer"), size, reverse("audits:add-attachment", args=[visit.pk]))
    page.get_by_label("What does it show?").fill("The lounge")
    choose(page, "Photograph or document", "lounge.jpg", b"MZ\x90\x00\x03")
    page.get_by_role("button", name="Add the file").click()
    expect(page.get_by_role("alert")).to_contain_text("We cannot take programs")
    expect(page.get_by_label("What does it show?")).to_have_value("The lounge")
    seen(page, f"desk-file-refused-{size}")
    choose(page, "Photograph or document", "IMG_0001.HEIC", made.case("turned.heic"))
    page.get_by_role("button", name="Add the file").click()
    expect(page.get_by_text("The photograph has been added.")).to_be_visible()
    photograph = page.get_by_role("img", name="The lounge")
    photograph.scroll_into_view_if_needed()
    # Drawn by the browser, and upright.
    shape = "image => [image.complete, image.naturalWidth, image.naturalHeight]"
    expect(photograph).to_be_visible()
    page.wait_for_function(
        "image => image.complete && image.naturalWidth > 0", arg=photograph.element_handle()
    )
    assert photograph.evaluate(shape) == [True, 80, 120]
    seen(page, f"desk-file-added-{size}")


@pytest.mark.parametrize("size", SIZES)
def test_document_of_a_suspension_is_downloaded_under_its_own_name(
    size: str,
    desk: Callable[..., Page],
    service: Callable[..., Service],
    person: Callable[..., User],
) -> None:
    suspension = Suspension.objects.create(
        service=service(),
        kind="full",
        summary="Medicines were not given safely.",
        status="proposed",
        proposed_by=person("Manager"),
        proposed_at=timezone.now(),
    )
    url = reverse("suspensions:view-suspension", args=[suspension.pk])
    page = desk(person("Officer"), size, url)
    page.get_by_role("link", name="Add a photograph or document").click()
    seen(page, f"suspension-add-file-{size}")
    name = "Rota für Llŷn – Juni.msg"
    choose(page, "Photograph or document", name, made.message())
    page.get_by_role("button", name="Add the file").click()
    expect(page.get_by_text("The document has been added.")).to_be_visible()
    link = page.get_by_role("link", name=name, exact=True)
    link.scroll_into_view_if_needed()
    seen(page, f"suspension-file-{size}")
    with page.expect_download() as waiting:
        link.click()
    assert waiting.value.suggested_filename == name
    assert Path(waiting.value.path()).read_bytes() == made.message()
    assert SuspensionFile.objects.count() == 1


def seen(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)
    assert violations(page) == []
    fits = "document.documentElement.scrollWidth <= window.innerWidth"
    assert page.evaluate(fits), "scrolls sideways"
