"""A file that came in: stored, made sure of by the worker, scanned where a scanner is, handed out
so that nothing runs, and destroyed when it is withdrawn.
"""

import io
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone
from PIL import Image

from core.jobs import names, queue, showing
from core.jobs.models import Job, JobState
from core.models import Event, User
from core.workflow import NotAllowed
from documents import actions, downloads, readiness, scanner, tasks, today
from documents.models import FileContent, OriginalState, Role, ScanState, StoredFile
from tests.documents import clamd, made
from tests.documents.clamd import Clamd
from tests.refusals import not_allowed

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::UserWarning")]

PDF = b"%PDF-1.7\nThe rota of June"


@pytest.fixture
def officer(person: Callable[..., User]) -> User:
    return person("Officer")


@pytest.fixture
def scans(settings: Any) -> Iterator[Clamd]:
    """A scanner that the council has set up, and that answers."""
    with clamd.running() as server:
        settings.CLAMD_ADDRESS = server.address
        yield server


@pytest.fixture
def away(settings: Any) -> None:
    """A scanner that the council has set up, and that does not answer."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    settings.CLAMD_ADDRESS = f"127.0.0.1:{port}"


def add(data: bytes, name: str, by: User) -> StoredFile:
    return actions.store(actions.prepare(data, name), by=by, now=timezone.now())


def work(kind: names.JobKind) -> None:
    queue.work(kinds=[kind])


def asked(**more: str) -> Any:
    return RequestFactory().get("/", more)


def test_document_is_kept_byte_for_byte_and_handed_out_under_its_name(officer: User):
    file = add(PDF, "Rota für Llŷn – Juni.pdf", officer)
    assert (file.kind, file.original) == ("document", OriginalState.NONE)
    response = downloads.send(asked(), file)
    assert response.content == PDF
    name = quote("Rota für Llŷn – Juni.pdf")
    assert response["Content-Disposition"] == f"attachment; filename*=UTF-8''{name}"
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", sorted(made.taken()))
def test_no_kind_is_ever_shown_in_the_browser(name: str, officer: User):
    file = add(made.taken()[name][1], name, officer)
    response = downloads.send(asked(), file)
    assert response["Content-Disposition"].startswith("attachment;")
    assert not response["Content-Type"].startswith(("text/html", "image/svg", "application/xml"))


def test_original_of_a_photograph_stays_until_the_worker_has_compared_the_copy(officer: User):
    original = made.photograph((400, 200))
    file = add(original, "IMG_0001.JPG", officer)
    assert (file.name, file.kind, file.content_type) == ("IMG_0001.jpg", "photograph", "image/jpeg")
    assert file.original == OriginalState.WAITING
    assert bytes(file.contents.get(role=Role.ORIGINAL).data) == original
    # It may say where it was taken, and is handed out to nobody.
    with pytest.raises(Http404):
        downloads.send_original(asked(), file)
    work(names.CHECK_COPY)
    file.refresh_from_db()
    assert (file.original, file.original_note) == (OriginalState.REMOVED, "")
    assert [content.role for content in file.contents.all()] == [Role.KEPT]
    copy = bytes(file.contents.get().data)
    for secret in (b"Camera of Person Q", b"Elm Road", b"Exif"):
        assert secret not in copy
    assert Event.objects.get(kind="stored_file.copy_checked").after == {"original": "removed"}


@pytest.mark.parametrize(
    "name", ["scan-16bit-grey.png", "photo-odd-exif-Software.jpg", "turned.heic"]
)
def test_picture_that_was_hard_to_draw_is_found_to_be_the_same(name: str, officer: User):
    file = add(made.case(name), name, officer)
    work(names.CHECK_COPY)
    file.refresh_from_db()
    assert file.original == OriginalState.REMOVED


def spoil(file: StoredFile, copy: bytes) -> None:
    """As an earlier drawing left it, or a disk."""
    FileContent.objects.filter(file=file, role=Role.KEPT).update(data=copy)


@pytest.mark.parametrize(
    ("copy", "says"),
    [
        (made.picture(Image.new("L", (200, 200), 254), "JPEG"), "much brighter"),
        (made.picture(Image.new("L", (100, 200), 127), "JPEG"), "200 by 200 points"),
        (b"\xff\xd8\xff\xe0", "could not compare"),
    ],
)
def test_original_stays_where_the_copy_differs_and_can_be_had(
    copy: bytes, says: str, officer: User
):
    original = made.case("scan-16bit-grey.png")
    file = add(original, "scan.png", officer)
    spoil(file, copy)
    work(names.CHECK_COPY)
    file.refresh_from_db()
    assert file.original == OriginalState.DIFFERS
    assert says in file.original_note
    response = downloads.asked(asked(original="1"), file)
    assert response.content == original
    assert response["Content-Disposition"].endswith(quote("original of scan.png"))


def test_checking_a_copy_twice_does_nothing_more(officer: User):
    file = add(made.photograph(), "a.jpg", officer)
    for _ in range(2):
        actions.check_copy(file.pk, now=timezone.now())
    assert Event.objects.filter(kind="stored_file.copy_checked").count() == 1


def test_check_that_kills_its_worker_ends_with_both_kept_and_said(officer: User):
    file = add(made.photograph(), "a.jpg", officer)
    moment = timezone.now()
    for _ in range(names.CHECK_COPY.attempts):
        # Claimed and never heard of again, as when the decoder takes its process with it.
        assert queue.claim(names.CHECK_COPY.lane, kinds=[names.CHECK_COPY], now=moment)
        moment += names.CHECK_COPY.stalled_after + timedelta(seconds=1)
    queue.give_up_stalled(moment)
    file.refresh_from_db()
    assert (file.original, file.original_note) == (OriginalState.DIFFERS, actions.NOT_COMPARED)
    assert file.contents.count() == 2
    words = "Checking the copy of a photograph"
    assert [job.words for job in showing.not_done_to_show(officer)] == [words]


def test_without_a_scanner_a_document_says_that_it_was_not_scanned(officer: User):
    file = add(PDF, "a.pdf", officer)
    assert (file.scan, file.scan_in_words) == (ScanState.NOT_SCANNED, "not scanned for viruses")
    assert downloads.send(asked(), file).status_code == 200
    assert not Job.objects.of_kinds([names.SCAN_FILE.name]).exists()
    assert readiness.virus_scanner() is None


def test_file_is_scanned_before_it_is_stored(scans: Clamd, officer: User):
    file = add(PDF, "a.pdf", officer)
    assert (file.scan, file.scan_in_words) == (ScanState.CLEAN, "")
    assert scans.scanned == [PDF]
    photograph = made.photograph()
    add(photograph, "a.jpg", officer)
    assert scans.scanned[-1] == photograph  # as it came, not the copy


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("virus.txt", made.EICAR),
        ("virus.pdf", b"%PDF-1.7\n" + made.EICAR),
        ("virus.jpg", made.photograph() + made.EICAR),
    ],
)
def test_file_with_a_virus_is_refused_and_nothing_of_it_kept(
    name: str, data: bytes, scans: Clamd, officer: User
):
    with not_allowed("virus-found", "file") as caught:
        add(data, name, officer)
    assert "Eicar-Test-Signature" in caught.value.message
    assert not FileContent.objects.exists()


def test_scanner_at_a_socket_is_asked_there(settings: Any, tmp_path: Path, officer: User):
    with clamd.running(tmp_path / "clamd.ctl") as server:
        settings.CLAMD_ADDRESS = server.address
        assert scanner.answers()
        assert add(PDF, "a.pdf", officer).scan == ScanState.CLEAN


def test_file_longer_than_the_scanner_takes_waits_and_says_so(settings: Any, officer: User):
    with clamd.running(longest=1000) as server:
        settings.CLAMD_ADDRESS = server.address
        file = add(PDF + b"x" * 3_000_000, "a.pdf", officer)
        assert file.scan == ScanState.NOT_SCANNED
        work(names.SCAN_FILE)
    job = Job.objects.get(kind=names.SCAN_FILE.name)
    assert job.state == JobState.WAITING
    assert job.error.startswith("The virus scanner could not scan the file")


def test_while_the_scanner_is_away_a_file_is_kept_and_asked_about_again(
    away: None, settings: Any, officer: User
):
    file = add(PDF, "a.pdf", officer)
    assert (file.scan, file.scan_in_words) == (ScanState.NOT_SCANNED, "not yet scanned for viruses")
    assert "does not answer. Files that wait to be scanned: 1." in (readiness.virus_scanner() or "")
    # Nobody opens what the scanner has not seen; a photograph was drawn anew, and holds nothing.
    response = downloads.send(asked(), file)
    assert response.status_code == 409
    assert PDF not in response.content
    photograph = add(made.photograph(), "a.jpg", officer)
    assert downloads.send(asked(), photograph).status_code == 200
    work(names.SCAN_FILE)
    job = Job.objects.about(file).get()
    assert (job.state, job.error) == (JobState.WAITING, "The virus scanner does not answer.")
    with clamd.running() as server:
        settings.CLAMD_ADDRESS = server.address
        later = timezone.now() + timedelta(hours=1)
        queue.work(kinds=[names.SCAN_FILE], clock=lambda: later)
        file.refresh_from_db()
        assert file.scan == ScanState.CLEAN
        assert downloads.send(asked(), file).status_code == 200


def test_virus_that_is_found_later_destroys_the_file_and_its_adder_is_told(
    away: None, settings: Any, officer: User, person: Callable[..., User]
):
    file = add(b"%PDF-1.7\n" + made.EICAR, "a.pdf", officer)
    with clamd.running() as server:
        settings.CLAMD_ADDRESS = server.address
        work(names.SCAN_FILE)
    file.refresh_from_db()
    assert (file.scan, file.found) == (ScanState.INFECTED, "Eicar-Test-Signature")
    assert not file.contents.exists()
    with pytest.raises(Http404):
        downloads.send(asked(), file)
    assert Event.objects.get(kind="stored_file.virus_found").after == {
        "found": "Eicar-Test-Signature"
    }
    day = timezone.localdate()
    card = today.viruses_found(officer, day)
    assert card is not None
    assert "Eicar-Test-Signature" in card.items[0].note
    assert today.viruses_found(person("Senior officer"), day) is None
    assert today.viruses_found(officer, day + timedelta(days=15)) is None


def test_scan_that_is_given_up_is_shown_to_who_added_the_file(away: None, officer: User):
    file = add(PDF, "a.pdf", officer)
    moment = timezone.now()
    for _ in range(names.SCAN_FILE.attempts):
        moment += timedelta(hours=2)
        queue.work(kinds=[names.SCAN_FILE], clock=lambda now=moment: now)
    assert Job.objects.about(file).get().state == JobState.GIVEN_UP
    assert [job.words for job in showing.not_done_to_show(officer)] == ["The virus scan of a file"]


def test_scanner_that_is_set_up_later_is_given_what_nobody_has_scanned(
    settings: Any, officer: User
):
    files = [add(PDF, "a.pdf", officer), add(made.photograph(), "a.jpg", officer)]
    gone = add(PDF, "b.pdf", officer)
    StoredFile.objects.filter(pk=gone.pk).update(destroyed_at=timezone.now())
    tasks.promise_scans()
    assert not Job.objects.of_kinds([names.SCAN_FILE.name]).exists()
    with clamd.running() as server:
        settings.CLAMD_ADDRESS = server.address
        tasks.promise_scans()
        tasks.promise_scans()  # what is promised is not promised twice
        assert Job.objects.of_kinds([names.SCAN_FILE.name]).count() == 2
        work(names.SCAN_FILE)
    for file in files:
        file.refresh_from_db()
        assert file.scan == ScanState.CLEAN


@pytest.mark.parametrize("answer", [b"", b"nonsense\0", b"stream: lstat() failed. ERROR\0"])
def test_scanner_that_says_something_else_has_not_scanned(
    answer: bytes, settings: Any, officer: User
):
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def say() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(1 << 20)
                connection.sendall(answer)

        thread = threading.Thread(target=say)
        thread.start()
        settings.CLAMD_ADDRESS = f"127.0.0.1:{listening.getsockname()[1]}"
        assert add(PDF, "a.pdf", officer).scan == ScanState.NOT_SCANNED
        thread.join()


@pytest.mark.parametrize("address", ["nonsense", "127.0.0.1:", "/no/such/socket", "[::1]:1"])
def test_address_that_leads_nowhere_is_a_scanner_that_is_away(
    address: str, settings: Any, officer: User
):
    settings.CLAMD_ADDRESS = address
    assert not scanner.answers()
    assert add(PDF, "a.pdf", officer).scan == ScanState.NOT_SCANNED


def test_database_keeps_nobody_an_infected_file(officer: User):
    file = add(PDF, "a.pdf", officer)
    file.scan, file.found, file.scanned_at = ScanState.INFECTED, "A virus", timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        file.save()


def test_nothing_is_stored_for_a_closed_account(officer: User):
    officer.is_active = False
    officer.save()
    prepared = actions.prepare(PDF, "a.pdf")
    with pytest.raises(NotAllowed):
        actions.store(prepared, by=officer, now=timezone.now())


def test_picture_is_drawn_within_what_a_server_has(officer: User):
    """What a telephone of 50 megapixels makes is kept on the screen's scale."""
    large = made.picture(Image.radial_gradient("L").resize((8192, 6144)), "JPEG", quality=50)
    file = add(large, "a.jpg", officer)
    with Image.open(io.BytesIO(bytes(file.contents.get(role=Role.KEPT).data))) as copy:
        assert copy.size == (2000, 1500)
