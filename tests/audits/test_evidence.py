"""Notes, files, feedback, risks, sharing and corrections of a visit."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from audits import files
from audits.actions import breaches, corrections, evidence, plans, risk_contacts, templates, visits
from audits.actions.breaches import BreachMetInput
from audits.actions.corrections import CorrectionInput
from audits.actions.evidence import (
    AttachmentInput,
    NoteInput,
    RiskInput,
    SharingInput,
)
from audits.actions.plans import ActionInput
from audits.actions.risk_contacts import RiskContactInput
from audits.actions.visits import BeginInput, CompleteInput
from audits.models import (
    Answer,
    Attachment,
    Breach,
    FeedbackSheet,
    ImmediateRisk,
    LooseNote,
    Question,
    RiskContact,
    Template,
    Visit,
)
from core.jobs import names, queue
from core.models import Event, User
from documents import file_kinds
from documents.actions import WithdrawInput
from documents.models import FileContent
from providers.models import Service
from tests.audits.codes import codes
from tests.audits.factories import plan_of
from tests.documents import made
from tests.documents.made import photograph
from tests.refusals import not_allowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def template() -> Template:
    source = files.parse((files.SHIPPED / "day-care.toml").read_text())
    draft = templates.load_template(source, by=None, now=timezone.now())
    return templates.publish(draft.pk, by=None, now=timezone.now())


@pytest.fixture
def visit(
    service: Callable[..., Service], template: Template, person: Callable[..., User]
) -> Visit:
    return begun(service("Alder Day", "day_care"), template, person("Officer"))


def begun(service: Service, template: Template | None, by: User, kind: str = "annual") -> Visit:
    today = timezone.localdate()
    plan = {"template": template, "kind": kind, "planned_for": today, "officer": by}
    visit = visits.plan_visit(by=by, given=plan_of(service=service, **plan), now=timezone.now())
    return visits.begin(visit.pk, by=by, given=BeginInput(today), today=today)


def test_file_is_served_as_a_download_to_those_who_may_read_visits(
    client_as: Callable[..., Client], visit: Visit
):
    client = client_as("Officer")
    sent = {"file": SimpleUploadedFile("a.jpg", photograph()), "caption": "The lounge"}
    assert client.post(reverse("audits:add-attachment", args=[visit.pk]), sent).status_code == 302
    attachment = Attachment.objects.get()
    url = reverse("audits:download-attachment", args=[attachment.pk])
    response = client.get(url)
    assert response["Content-Disposition"] == "attachment; filename*=UTF-8''a.jpg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "no-store"
    assert client_as("Administrator").get(url).status_code == 403
    assert client_as("Practitioner").get(url).status_code == 403


def test_withdrawing_destroys_the_file_and_keeps_the_record(
    client_as: Callable[..., Client], visit: Visit
):
    client = client_as("Officer")
    client.post(
        reverse("audits:add-attachment", args=[visit.pk]),
        {"file": SimpleUploadedFile("a.jpg", photograph())},
    )
    attachment = Attachment.objects.get()
    url = reverse("audits:withdraw-attachment", args=[attachment.pk])
    client.post(url, {"reason": "It shows a face"})
    attachment.refresh_from_db()
    with not_allowed("already-withdrawn"):
        given = WithdrawInput("Again")
        evidence.withdraw_attachment(
            attachment.pk, by=visit.officer, given=given, now=timezone.now()
        )
    assert attachment.withdrawn_reason == "It shows a face"
    assert not FileContent.objects.exists()
    assert attachment.file.destroyed_at is not None
    assert (
        client.get(reverse("audits:download-attachment", args=[attachment.pk])).status_code == 404
    )
    assert "Withdrawn" in client.get(reverse("audits:view-visit", args=[visit.pk])).text


def test_refused_file_is_said_by_its_field_and_what_was_typed_stays(
    client_as: Callable[..., Client], visit: Visit
):
    sent = {"file": SimpleUploadedFile("a.pdf", b"MZ\x90\x00"), "caption": "The rota of June"}
    response = client_as("Officer").post(reverse("audits:add-attachment", args=[visit.pk]), sent)
    assert response.status_code == 200
    assert [error.code for error in response.context["form"].errors.as_data()["file"]] == [
        "kind-not-taken"
    ]
    assert "The rota of June" in response.text


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("photo-odd-exif-ResolutionUnit.jpg", "photo-odd-exif-ResolutionUnit.jpg"),
        ("photo-odd-exif-Software.jpg", "photo-odd-exif-Software.jpg"),
        ("photo-odd-exif-XResolution.jpg", "photo-odd-exif-XResolution.jpg"),
        ("scan-16bit-grey.png", "scan-16bit-grey.jpg"),
        ("turned.heic", "turned.jpg"),
        ("word-online-document2.docx", "word-online-document2.docx"),
    ],
)
def test_file_is_added_whatever_camera_or_program_made_it(
    name: str, kept: str, client_as: Callable[..., Client], visit: Visit
):
    client = client_as("Officer")
    sent = {"file": SimpleUploadedFile(name, made.case(name))}
    assert client.post(reverse("audits:add-attachment", args=[visit.pk]), sent).status_code == 302
    assert Attachment.objects.get().file.name == kept


def test_documents_keep_their_names_in_any_alphabet(client_as: Callable[..., Client], visit: Visit):
    client = client_as("Officer")
    name = "Rota für Llŷn – Минуты.pdf"
    sent = {"file": SimpleUploadedFile(name, b"%PDF-1.7 ...")}
    client.post(reverse("audits:add-attachment", args=[visit.pk]), sent)
    response = client.get(reverse("audits:download-attachment", args=[Attachment.objects.get().pk]))
    assert response["Content-Disposition"] == f"attachment; filename*=UTF-8''{quote(name)}"


def test_page_says_where_a_copy_differs_and_gives_the_original(
    client_as: Callable[..., Client], visit: Visit
):
    client = client_as("Officer")
    scan = made.case("scan-16bit-grey.png")
    url = reverse("audits:add-attachment", args=[visit.pk])
    client.post(url, {"file": SimpleUploadedFile("scan.png", scan)})
    attachment = Attachment.objects.get()
    white = made.picture(Image.new("L", (200, 200), 254), "JPEG")
    attachment.file.contents.filter(role="kept").update(data=white)
    queue.work(kinds=[names.CHECK_COPY])
    text = client.get(reverse("audits:view-visit", args=[visit.pk])).text
    assert "much brighter than the original. We kept both." in text
    original = reverse("audits:download-attachment", args=[attachment.pk]) + "?original=1"
    assert original in text
    assert client.get(original).content == scan


def test_form_says_that_a_file_is_too_large_and_keeps_what_was_typed(
    client_as: Callable[..., Client], visit: Visit
):
    sent = {
        "file": SimpleUploadedFile("film.mp4", b"x" * (file_kinds.LARGEST + 1)),
        "caption": "The lounge",
    }
    response = client_as("Officer").post(reverse("audits:add-attachment", args=[visit.pk]), sent)
    assert [error.code for error in response.context["form"].errors.as_data()["file"]] == [
        "file-too-large"
    ]
    assert "The lounge" in response.text


def test_loose_note_is_filed_later_and_a_colleagues_change_is_shown(
    client_as: Callable[..., Client], person: Callable[..., User], visit: Visit
):
    client = client_as("Officer")
    client.post(reverse("audits:add-note", args=[visit.pk]), {"text": "Ask about night staff"})
    note = LooseNote.objects.get()
    question = Question.objects.of_template(visit.template).first()
    change = reverse("audits:change-note", args=[visit.pk, note.pk])
    client.post(change, {"text": note.text, "question": question.pk, "seen": 1})
    note.refresh_from_db()
    assert (note.question, note.version) == (question, 2)
    response = client.post(change, {"text": "Mine", "question": "", "seen": 1})
    form = response.context["form"]
    assert [error.code for error in form.non_field_errors().as_data()] == ["stale-version"]
    assert "Mine" in response.text
    note.refresh_from_db()
    assert note.text == "Ask about night staff"
    # What only the other had changed is taken over, and saved with what was typed.
    assert [changed.label for changed in form.meanwhile.taken] == [
        "Which question does it belong to?"
    ]
    sent = {name: form[name].value() for name in ("text", "question", "seen")}
    client.post(change, sent | dict(form.meanwhile.hidden))
    note.refresh_from_db()
    assert (note.text, note.question) == ("Mine", question)
    page = client.get(reverse("audits:view-history", args=[visit.pk])).text
    assert "Version 3" in page


def test_evidence_by_source_is_one_text_for_who_reads_the_whole(
    person: Callable[..., User], visit: Visit
):
    question = Question.objects.of_template(visit.template).first()
    sources = {"relatives": "Two rang: content.", "seen": "Clean.", "staff": " "}
    entry = visits.Entry(question.pk, sources=sources)
    visits.save_answers(visit.pk, by=person("Officer"), entries=[entry], now=timezone.now())
    answer = Answer.objects.get()
    assert answer.evidence == "Seen: Clean.\nFrom relatives: Two rang: content."
    assert answer.sources == {"relatives": "Two rang: content.", "seen": "Clean."}


def test_plain_page_takes_evidence_by_source_and_shows_it_again(
    client_as: Callable[..., Client], visit: Visit
):
    client, question = client_as("Officer"), Question.objects.of_template(visit.template).first()
    url = reverse("audits:record-answers", args=[visit.pk, 1])
    name = f"q{question.pk}"
    sent = {
        f"{name}-evidence": "Clean.",
        f"{name}-relatives": "Two rang: content.",
        f"{name}-seen": 0,
    }
    client.post(url, sent)
    assert Answer.objects.get().evidence == "Seen: Clean.\nFrom relatives: Two rang: content."
    text = client.get(url).text
    assert text.count("Two rang: content.") == 1
    client.post(url, {f"{name}-evidence": "Clean.", f"{name}-seen": 1})
    answer = Answer.objects.get()
    assert (answer.evidence, answer.sources) == ("Clean.", {})


def test_immediate_risk_becomes_one_concern_of_very_high_risk(
    client_as: Callable[..., Client], visit: Visit
):
    client = client_as("Officer")
    sent = {
        "what": "The fire door is chained.",
        "done": "Rang the manager.",
        "risk_id": uuid.uuid4(),
    }
    for _ in range(2):
        client.post(reverse("audits:raise-risk", args=[visit.pk]), sent)
    risk = ImmediateRisk.objects.get()
    assert (risk.concern.risk, risk.concern.source) == ("very_high", "council")
    assert risk.concern.service == visit.service
    assert "The fire door is chained." in risk.concern.summary


def test_immediate_risk_stops_once_at_what_looks_like_an_nhs_number(
    client_as: Callable[..., Client], visit: Visit
):
    client, url = client_as("Officer"), reverse("audits:raise-risk", args=[visit.pk])
    sent = {"what": "943 476 5919 fell again.", "done": "", "risk_id": uuid.uuid4()}
    assert "943 476 5919" in client.post(url, sent).context["form"].errors["what"][0]
    assert not ImmediateRisk.objects.exists()
    client.post(url, {**sent, "identifiers_confirmed": "on"})
    assert ImmediateRisk.objects.get().concern.risk == "very_high"


def test_who_to_call_starts_with_999_and_lists_the_councils_numbers(
    client_as: Callable[..., Client], visit: Visit
):
    senior = client_as("Senior officer")
    senior.post(
        reverse("audits:add-risk-contact"),
        {"name": "Safeguarding", "phone": "01632 960123", "order": 1},
    )
    text = client_as("Officer").get(reverse("audits:raise-risk", args=[visit.pk])).text
    assert text.index("999") < text.index("01632 960123")


def test_risk_contact_is_changed_and_removed_by_who_may_edit_templates(
    client_as: Callable[..., Client], person: Callable[..., User]
):
    given = RiskContactInput("Safeguarding", "01632 960123", "", 1)
    with not_allowed("permission-missing"):
        risk_contacts.save_risk_contact(None, by=person("Officer"), given=given)
    contact = risk_contacts.save_risk_contact(None, by=person("Senior officer"), given=given)
    senior, change = (
        client_as("Senior officer"),
        reverse("audits:change-risk-contact", args=[contact.pk]),
    )
    senior.post(
        change, {"name": "Duty team", "phone": "01632 960124", "when": "At night", "order": 2}
    )
    contact.refresh_from_db()
    stored = RiskContactInput(contact.name, contact.phone, contact.when, contact.order)
    assert stored == RiskContactInput("Duty team", "01632 960124", "At night", 2)
    remove = reverse("audits:remove-risk-contact", args=[contact.pk])
    assert senior.get(remove).status_code == 200
    senior.post(remove)
    assert not RiskContact.objects.exists()


def test_feedback_sheet_is_written_printed_and_not_overwritten(
    client_as: Callable[..., Client], visit: Visit
):
    client = client_as("Officer")
    url = reverse("audits:give-feedback", args=[visit.pk])
    client.post(url, {"good": "Warm welcome", "given_to": "Deputy manager", "seen": 0})
    assert "Warm welcome" in client.get(reverse("audits:view-feedback", args=[visit.pk])).text
    response = client.post(url, {"good": "Other words", "seen": 0})
    form = response.context["form"]
    assert [error.code for error in form.non_field_errors().as_data()] == ["stale-version"]
    assert "Other words" in response.text
    assert "Warm welcome" in response.text
    sent = {"good": "Other words", "seen": form["seen"].value(), "keep-good": "both"}
    client.post(url, sent | dict(form.meanwhile.hidden) | {"given_to": "Deputy manager"})
    assert FeedbackSheet.objects.get().good == "Warm welcome\n\nOther words"


def test_enter_and_view_records_who_came_and_what_was_shared(
    client_as: Callable[..., Client], service: Callable[..., Service], person: Callable[..., User]
):
    visit = begun(service(), None, person("Officer"), "enter_and_view")
    client = client_as("Officer")
    sent = {"who_came": "Healthwatch, two representatives", "shared_before": "Last audit’s summary"}
    client.post(reverse("audits:record-sharing", args=[visit.pk]), sent)
    text = client.get(reverse("audits:view-visit", args=[visit.pk])).text
    assert "Healthwatch, two representatives" in text
    assert "Last audit’s summary" in text


def test_changing_the_plan_keeps_who_came_to_an_enter_and_view(
    client_as: Callable[..., Client], service: Callable[..., Service], person: Callable[..., User]
):
    officer, today = person("Officer"), timezone.localdate()
    plan = {"template": None, "kind": "enter_and_view", "planned_for": today, "officer": officer}
    visit = visits.plan_visit(
        by=officer, given=plan_of(service=service(), **plan), now=timezone.now()
    )
    shared = SharingInput(
        who_came="Healthwatch, two representatives", shared_before="", shared_after=""
    )
    evidence.record_sharing(visit.pk, by=officer, given=shared)
    later = today + timedelta(days=3)
    sent = {"kind": "enter_and_view", "planned_for": later.isoformat(), "officer": officer.pk}
    sent |= {"announced": "yes"}
    client_as("Officer").post(reverse("audits:change-plan", args=[visit.pk]), sent)
    visit.refresh_from_db()
    assert (visit.planned_for, visit.who_came) == (later, "Healthwatch, two representatives")


def test_sharing_belongs_to_visits_with_partners(client_as: Callable[..., Client], visit: Visit):
    url = reverse("audits:record-sharing", args=[visit.pk])
    assert client_as("Officer").get(url).status_code == 404
    shared = SharingInput(who_came="Healthwatch", shared_before="", shared_after="")
    with not_allowed("no-partners"):
        evidence.record_sharing(visit.pk, by=visit.officer, given=shared)


def completed(visit: Visit, by: User) -> Visit:
    best = {"rating": "good", "yes_no": "yes", "number": "4", "date": "2026-01-05", "text": ""}
    entries = [
        visits.Entry(
            q.pk,
            q.options[0]["value"] if q.kind == "choice" else best[q.kind],
            evidence="Plans read.",
        )
        for q in Question.objects.of_template(visit.template)
    ]
    visits.save_answers(visit.pk, by=by, entries=entries, now=timezone.now())
    return visits.complete(
        visit.pk, by=by, given=CompleteInput("A good day centre."), now=timezone.now()
    )


def test_senior_officer_opens_a_completed_visit_again_with_a_reason(
    client_as: Callable[..., Client], person: Callable[..., User], visit: Visit
):
    done = completed(visit, person("Officer"))
    url = reverse("audits:reopen-visit", args=[visit.pk])
    assert client_as("Officer").get(url).status_code == 403
    senior = client_as("Senior officer")
    assert "What has to be corrected" in senior.post(url, {"reason": " "}).text
    senior.post(url, {"reason": "Answer 2.1 is about another centre."})
    visit.refresh_from_db()
    assert (visit.status, visit.score, visit.outcome) == ("in_progress", None, "")
    stood = visit.reopenings.get().stood
    assert stood["score"] == str(done.score)
    assert len(stood["answers"]) == visit.answers.count()
    event = Event.objects.get(kind="visit.reopened")
    assert event.before["outcome"] == done.outcome
    assert "another centre" in senior.get(reverse("audits:view-visit", args=[visit.pk])).text
    again = visits.complete(
        visit.pk, by=person("Officer"), given=CompleteInput("Corrected."), now=timezone.now()
    )
    assert again.score == done.score


def test_visit_in_progress_is_not_opened_again(person: Callable[..., User], visit: Visit):
    with not_allowed("wrong-state"):
        corrections.reopen(
            visit.pk,
            by=person("Senior officer"),
            given=CorrectionInput("Wrong"),
            now=timezone.now(),
        )


def test_correction_needs_a_reason(person: Callable[..., User], visit: Visit):
    completed(visit, person("Officer"))
    with not_allowed("reason-missing", "reason"):
        corrections.reopen(
            visit.pk, by=person("Senior officer"), given=CorrectionInput(" "), now=timezone.now()
        )
    visit.refresh_from_db()
    assert visit.status == "completed"


def test_note_and_risk_must_say_something(visit: Visit):
    officer, now = visit.officer, timezone.now()
    note = NoteInput(" ", question_id=None, seen=0)
    with not_allowed("nothing-said", "text"):
        evidence.save_note(
            visit.pk, by=officer, note_id=uuid.uuid4(), given=note, written_at=now, now=now
        )
    risk = RiskInput(risk_id=uuid.uuid4(), what=" ", done="")
    with not_allowed("nothing-said", "what"):
        evidence.raise_risk(visit.pk, by=officer, given=risk, seen_at=now, now=now)


def test_brief_shows_what_is_known_and_nobody_asks_for_a_document_twice(
    client_as: Callable[..., Client], person: Callable[..., User], visit: Visit
):
    officer, today = person("Officer"), timezone.localdate()
    evidence.attach(
        visit.pk,
        by=officer,
        attachment_id=uuid.uuid4(),
        given=AttachmentInput(data=b"%PDF-1.7", name="Training matrix.pdf", from_provider=True),
        now=timezone.now(),
    )
    plans.agree_action(
        by=officer,
        service=visit.service,
        given=ActionInput("Review every plan", today + timedelta(days=9), "Manager"),
        today=today,
    )
    text = client_as("Officer").get(reverse("oversight:view-brief", args=[visit.pk])).text
    assert "Training matrix.pdf" in text
    assert "Review every plan" in text


def test_brief_names_the_breaches_that_cqc_found_until_they_are_met(
    client_as: Callable[..., Client], visit: Visit
):
    client, today = client_as("Officer"), timezone.localdate()
    brief = reverse("oversight:view-brief", args=[visit.pk])
    on_device = reverse("audits:offline-bundle", args=[visit.pk])
    add = reverse("audits:record-breach", args=[visit.pk])
    what = "Medicines were not given as prescribed."
    sent = {"regulation": "12", "what": what, "published_on": today.isoformat()}
    assert client.post(add, sent).status_code == 302
    assert codes(client.post(add, sent)) == {"regulation": ["already-recorded"]}
    assert what in client.get(brief).text
    assert "Regulation 12, safe care and treatment" in client.get(on_device).text
    breach = Breach.objects.get()
    by, before = breach.recorded_by, BreachMetInput(today - timedelta(days=1))
    with not_allowed("before-published", "met_on"):
        breaches.meet_breach(breach.pk, by=by, given=before, today=today)
    breaches.meet_breach(breach.pk, by=by, given=BreachMetInput(today), today=today)
    with not_allowed("already-met"):
        breaches.meet_breach(breach.pk, by=by, given=BreachMetInput(today), today=today)
    assert what not in client.get(brief).text
    assert "Regulation 12" not in client.get(on_device).text
    assert Breach.objects.current_on(today).count() == 0


def test_a_breach_is_recorded_from_a_report_that_is_out(
    client_as: Callable[..., Client], visit: Visit
):
    day = timezone.localdate() + timedelta(days=1)
    sent = {"regulation": "12", "what": "Typed at length.", "published_on": day.isoformat()}
    page = client_as("Officer").post(reverse("audits:record-breach", args=[visit.pk]), sent)
    text = page.text
    assert codes(page) == {"published_on": ["in-future"]}
    assert "Typed at length." in text
    assert not Breach.objects.exists()
