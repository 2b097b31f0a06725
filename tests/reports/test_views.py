import uuid
from html import unescape

import pytest
from django.db import transaction
from django.utils import timezone

from audits.actions import practice
from core import versions
from core.jobs import queue
from core.jobs.models import Job
from core.jobs.names import Lane
from core.models import District, Event
from providers.models import Provider, Service
from reports.actions import clearing, making, writing
from reports.figures import small_numbers
from reports.models import Paper, PaperStatus, ScanHit, Section
from tests.reports.conftest import AS_AT, NOW, TODAY
from tests.suspensions import reading

NEW = {
    "title": "Market management position statement",
    "report_of": "Corporate Director",
    "signatory_name": "Pat Example",
    "committee": "Adult Social Care Committee",
    "meeting_on": "2021-06-14",
    "agenda_item": "11",
    "as_at": "2021-06-01",
    "since": "2021-03-01",
    "suspension_grouping": "type_and_district",
    "exempt_paragraph": "3",
    "public_interest": "Better kept exempt.",
}


@pytest.fixture
def draft(facts, person):
    return writing.start_paper(given=facts, by=person("Officer", "author"))


def test_a_paper_tells_of_good_practice_as_the_provider_consented(
    client_as, council, draft, person
):
    officer = person("Officer", "author")
    facts = {
        "provider": Provider.objects.create(name="Alder Care Ltd"),
        "district": District.objects.first(),
    }
    facts |= {"service_type": "residential_home", "client_group": "ageing_well"}
    examples = {}
    for name, named in (("Alder House", True), ("Birch House", False), ("Cedar House", None)):
        service = Service.objects.create(name=name, **facts)
        now = timezone.now()
        shop = practice.GoodPracticeInput(service.pk, "A shop", f"Run by {len(examples)} people.")
        examples[name] = practice.record_good_practice(by=officer, given=shop, now=now)
        if named is not None:
            consent = practice.ConsentInput(now.date(), "Manager", named)
            practice.record_consent(examples[name].pk, by=officer, given=consent, today=now.date())
    section = draft.sections.get(heading="Good practice")
    client = client_as("Officer")
    page = client.get(f"/reports/sections/{section.pk}/").text
    assert "Alder House: Run by 0 people." in page
    assert "Provider 1: Run by 1 people." in page
    assert "Birch House" not in page
    assert "Run by 2 people." not in page
    writing.write_section(
        section.pk,
        by=officer,
        given=writing.SectionInput(
            "Good practice", "Provider 4 is known.", versions.seen_of(section)
        ),
        now=NOW,
    )
    url = f"/reports/sections/{section.pk}/write/"
    form = client.get(url, {"example": examples["Birch House"].pk}).context["form"]
    assert form["body"].value() == "Provider 4 is known.\n\n> Provider 5: Run by 1 people."
    form = client.get(url, {"example": examples["Cedar House"].pk}).context["form"]
    assert form["body"].value() == "Provider 4 is known."


def test_an_officer_starts_a_paper_and_finds_its_headings(client_as, council):
    response = client_as("Officer").post("/reports/start/", NEW, follow=True)
    page = response.content.decode()
    assert "Paper started" in page
    for heading in (
        "Purpose of the report",
        "Contract suspensions",
        "Financial implications",
        "Recommendation/s",
    ):
        assert heading in page
    assert "/freeze/" not in page  # an officer may not


def test_the_form_begins_with_the_councils_usual_facts(client_as, council):
    page = client_as("Committee clerk").get("/reports/start/").content.decode()
    assert council.committee_name in page
    assert council.exempt_reasoning in unescape(page)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": ""}, "Enter"),
        ({"meeting_on": ""}, "Enter the date of the meeting"),
        ({"as_at": "2021-06-15"}, 'href="#id_as_at'),
        ({"since": "2021-06-01"}, 'href="#id_since'),
        ({"as_at": "31 31 2021"}, "date"),
        ({"exempt_paragraph": "9"}, 'href="#id_exempt_paragraph"'),
    ],
)
def test_a_mistake_is_named_and_nothing_typed_is_lost(client_as, council, changes, message):
    response = client_as("Officer").post("/reports/start/", {**NEW, **changes})
    page = response.content.decode()
    assert response.status_code == 200
    assert "There is a problem" in page
    assert message in page
    assert "Pat Example" in page
    assert not Paper.objects.exists()


def test_a_section_is_written_read_and_released(client_as, draft):
    section = draft.sections.get(heading="Good practice")
    officer = client_as("Officer", "author")
    write = f"/reports/sections/{section.pk}/write/"
    body = "A choir.\n\n- Monday\n- Friday\n\n<b>not markup</b>"
    response = reading.post(officer, write, {"heading": "Good practice", "body": body}, follow=True)
    page = response.content.decode()
    assert "<li>Friday</li>" in page
    assert "&lt;b&gt;not markup&lt;/b&gt;" in page
    assert officer.post(f"/reports/sections/{section.pk}/release/").status_code == 403
    page = (
        client_as("Manager")
        .post(f"/reports/sections/{section.pk}/release/", follow=True)
        .content.decode()
    )
    assert "Section released: Good practice." in page
    changed = {"heading": "Good practice", "body": "Changed"}
    page = reading.post(officer, write, changed).content.decode()
    assert "Withdraw the release" in page
    assert "Changed" in page
    assert Section.objects.get(pk=section.pk).body.startswith("A choir.")


def test_a_sign_that_no_font_has_is_taken_and_kept(client_as, draft):
    section = draft.sections.get(heading="Good practice")
    typed = {"heading": "Good practice", "body": "\N{PARTY POPPER} well done \N{CHECK MARK}"}
    url = f"/reports/sections/{section.pk}/write/"
    assert reading.post(client_as("Officer", "author"), url, typed).status_code == 302
    section.refresh_from_db()
    assert section.body == typed["body"]


def test_exempt_sections_are_hidden_from_who_may_not_read_them(client_as, draft):
    section = draft.sections.get(heading="Services that have improved")
    administrator = client_as("Administrator")
    assert (
        "Services that have improved"
        not in administrator.get(f"/reports/{draft.pk}/").content.decode()
    )
    assert administrator.get(f"/reports/sections/{section.pk}/").status_code == 403
    assert client_as("Officer").get(f"/reports/sections/{section.pk}/").status_code == 200


def test_what_a_paper_waits_for_names_no_section(client_as, draft, person):
    """A heading may hold an exempt name, and everyone who sees papers reads what one waits for."""
    heading = "Rosewood Court 3 has improved"
    given = writing.NewSectionInput(heading, side="exempt")
    section = writing.add_section(draft.pk, by=person("Officer", "author"), given=given, now=NOW)
    Section.objects.filter(pk=section.pk).update(body="It has.")
    Paper.objects.filter(pk=draft.pk).update(status=PaperStatus.FROZEN)
    assert "Rosewood" not in client_as("Administrator").get(f"/reports/{draft.pk}/").text
    assert heading in client_as("Manager").get(f"/reports/{draft.pk}/").text


def test_a_section_of_ones_own_stands_where_one_asked(client_as, draft):
    behind = draft.sections.get(heading="Good practice")
    response = client_as("Officer", "author").post(
        f"/reports/{draft.pk}/add-section/",
        {"heading": "Choirs", "where": "public", "after": behind.pk},
    )
    assert response.status_code == 302
    headings = list(draft.sections.values_list("heading", flat=True))
    assert headings[headings.index("Good practice") + 1] == "Choirs"


def test_the_desk_says_why_its_button_is_off_and_on_whom_it_waits(client_as, draft, person):
    person("Signatory", "sam.signs")
    page = client_as("Manager").get(f"/reports/{draft.pk}/").content.decode()
    assert 'id="why-not-approve"' in page
    assert "Freeze the figures first." in page
    assert "Sam Signs" in page


def test_progress_is_shown_and_the_page_comes_back_when_the_work_is_done(client_as, draft):
    manager = client_as("Manager")
    manager.post(f"/reports/{draft.pk}/freeze/")
    job = Job.objects.get()
    Job.objects.update(
        state="running",
        progress=40,
        step="Laying out pages: page 3",
        token=uuid.uuid4(),
        heard_at=job.created_at,
    )
    fragment = manager.get(f"/reports/{draft.pk}/jobs/", headers={"HX-Request": "true"})
    assert "Laying out pages: page 3 (40%)" in fragment.content.decode()
    assert "HX-Refresh" not in fragment
    assert "waiting" in manager.get(f"/reports/{draft.pk}/").content.decode() or job
    Job.objects.update(state="dropped", token=None, finished_at=job.created_at)
    fragment = manager.get(f"/reports/{draft.pk}/jobs/", headers={"HX-Request": "true"})
    assert fragment["HX-Refresh"] == "true"
    assert manager.get(f"/reports/{draft.pk}/jobs/").status_code == 302


def test_an_action_out_of_turn_is_answered_on_the_desk(client_as, draft):
    page = client_as("Manager").post(f"/reports/{draft.pk}/make/", follow=True).content.decode()
    assert "Freeze the figures first." in page


@pytest.mark.parametrize("verb", ["freeze", "unfreeze", "make", "take-back"])
def test_buttons_take_only_posts_from_those_who_may(client_as, draft, verb):
    assert client_as("Manager").get(f"/reports/{draft.pk}/{verb}/").status_code == 405
    assert client_as("Officer").post(f"/reports/{draft.pk}/{verb}/").status_code == 403
    assert client_as("Manager").post(f"/reports/{draft.pk + 99}/{verb}/").status_code == 404


def test_who_may_not_read_exempt_matter_sees_where_a_name_stands_and_never_the_name(
    clear, client_as
):
    paper = clear(Good_practice="Rosewood Court 3 began a choir.")
    page = client_as("Administrator").get(f"/reports/{paper.pk}/").content.decode()
    assert "the section “Good practice”" in page
    assert "Rosewood" not in page
    assert "Exempt: you do not have the right to see it" in page
    page = client_as("Manager", "second").get(f"/reports/{paper.pk}/").content.decode()
    assert "Rosewood Court 3" in page
    hit = ScanHit.objects.first()
    assert client_as("Administrator").get(f"/reports/names/{hit.pk}/release/").status_code == 403
    assert client_as("Officer").get(f"/reports/names/{hit.pk}/release/").status_code == 403


def test_the_text_that_holds_a_name_is_not_open_to_who_may_not_know_it(clear, client_as):
    paper = clear(Good_practice="Rosewood Court 3 began a choir.")
    section = paper.sections.get(heading="Good practice")
    administrator = client_as("Administrator")
    assert administrator.get(f"/reports/sections/{section.pk}/").status_code == 403
    assert (
        "when the paper is approved" in administrator.get(f"/reports/{paper.pk}/").content.decode()
    )
    assert client_as("Officer").get(f"/reports/sections/{section.pk}/").status_code == 200


def test_what_is_to_be_public_is_open_to_all_who_see_papers_when_it_is_approved(
    clear, client_as, person
):
    paper = clear(Good_practice="A choir.")
    section = paper.sections.get(heading="Good practice")
    pages = [
        f"/reports/sections/{section.pk}/",
        f"/reports/{paper.pk}/figures/",
        f"/reports/{paper.pk}/public.pdf",
    ]
    administrator = client_as("Administrator")
    assert [administrator.get(page).status_code for page in pages] == [403, 403, 403]
    desk_page = administrator.get(f"/reports/{paper.pk}/").content.decode()
    assert not any(page in desk_page for page in pages)
    sums = {f"{file.side}_sha256": file.sha256 for file in paper.files.current()}
    clearing.approve(
        paper.pk, by=person("Signatory", "signs"), given=clearing.ApprovalInput(**sums), now=NOW
    )
    assert [administrator.get(page).status_code for page in pages] == [200, 200, 200]


def test_a_heading_that_holds_a_name_does_not_tell_it_as_a_place(clear, client_as):
    paper = clear(Good_practice="A choir.")
    ScanHit.objects.create(
        file=paper.files.current().get(side="public"),
        name="Rosewood Court 3",
        where="the section “Rosewood Court 3 sings”",
        author=paper.started_by,
        asked_by=paper.started_by,
    )
    page = client_as("Administrator").get(f"/reports/{paper.pk}/").content.decode()
    assert "a section’s heading" in page
    assert "Rosewood" not in page


def test_a_refused_public_file_is_nobodys_to_download(clear, client_as):
    paper = clear(Good_practice="Rosewood Court 3 began a choir.")
    for group in ("Officer", "Signatory", "Committee clerk"):
        response = client_as(group, f"x.{group}").get(
            f"/reports/{paper.pk}/public.pdf", follow=True
        )
        assert response["Content-Type"].startswith("text/html")
        assert "only when the disclosure scan is clear" in response.content.decode()


def test_from_release_of_a_name_to_the_approval_of_both_files(clear, client_as):
    paper = clear(Good_practice="Rosewood Court 3 began a choir.")
    second = client_as("Manager", "second")
    for hit in ScanHit.objects.order_by("name"):
        if ScanHit.objects.outstanding().filter(pk=hit.pk).exists():
            page = second.get(f"/reports/names/{hit.pk}/release/").content.decode()
            assert "Rosewood Court 3 began a choir" in page
            empty = second.post(
                f"/reports/names/{hit.pk}/release/", {"reason": ""}
            ).content.decode()
            assert "Enter why" in empty
            second.post(f"/reports/names/{hit.pk}/release/", {"reason": "Good practice only"})
    signatory = client_as("Signatory", "signs")
    page = signatory.get(f"/reports/{paper.pk}/approve/").content.decode()
    sums = {f"{file.side}_sha256": file.sha256 for file in paper.files.current()}
    assert all(value in page for value in sums.values())
    refused = signatory.post(f"/reports/{paper.pk}/approve/", sums).content.decode()
    assert "Confirm that you have read both files" in refused
    page = signatory.post(f"/reports/{paper.pk}/approve/", {**sums, "read_both": "on"}, follow=True)
    assert "Paper approved" in page.content.decode()
    assert Paper.objects.get(pk=paper.pk).status == PaperStatus.APPROVED
    again = client_as("Officer", "author").get(f"/reports/{paper.pk}/correct/").content.decode()
    assert "new version" in again


def test_who_reads_an_exempt_appendix_is_on_the_record(clear, client_as, person):
    paper = clear()
    for group in ("Administrator", "Officer", "Practitioner"):
        assert (
            client_as(group, f"y.{group}").get(f"/reports/{paper.pk}/exempt.pdf").status_code == 403
        )
    response = client_as("Signatory", "reader").get(f"/reports/{paper.pk}/exempt.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert "EXEMPT-not-for-publication" in response["Content-Disposition"]
    assert response["Cache-Control"] == "no-store"
    event = Event.objects.get(kind="paper.exempt_file_read")
    assert event.by == person("Signatory", "reader")
    assert client_as("Officer", "z").get(f"/reports/{paper.pk}/public.pdf").status_code == 200


def test_the_frozen_figures_page_warns_of_small_numbers_who_may_know(clear, client_as):
    paper = clear()
    page = client_as("Manager").get(f"/reports/{paper.pk}/figures/").content.decode()
    assert "Care Home – Living Well: Bassetlaw has only 2 services of this type." in page
    assert (
        "only 2 services"
        not in client_as("Administrator").get(f"/reports/{paper.pk}/figures/").content.decode()
    )


def test_who_approves_is_warned_of_small_numbers_too(clear, client_as):
    paper = clear()
    warning = "Care Home – Living Well: Bassetlaw has only 2 services of this type."
    signatory = client_as("Signatory", "signs")
    for page in (f"/reports/{paper.pk}/", f"/reports/{paper.pk}/approve/"):
        assert warning in signatory.get(page).content.decode()
    assert warning not in client_as("Administrator").get(f"/reports/{paper.pk}/").content.decode()


def test_a_type_that_the_council_has_few_of_is_warned_of_without_districts(june_2021):
    rows = [
        {
            "care": "care_home",
            "client_group": "living_well",
            "service_type": "Homes",
            "districts": [],
        }
    ]
    assert small_numbers({"rows": rows}, AS_AT) == [
        "Homes: The whole council has only 2 services of this type."
    ]


def test_a_name_cannot_be_released_by_address_for_a_file_taken_back(clear, client_as, person):
    paper = clear(Good_practice="Rosewood Court 3 began a choir.")
    hit = ScanHit.objects.first()
    making.take_back(paper.pk, by=person("Manager", "releaser"), now=NOW)
    page = client_as("Manager", "second").post(f"/reports/names/{hit.pk}/release/", {"reason": "x"})
    [refusal] = page.context["form"].errors.as_data()["__all__"]
    assert refusal.code == "wrong-state"


def test_papers_stand_on_today_until_they_are_approved(clear, person):
    from reports import today

    paper = clear()
    card = today.papers(person("Signatory", "signs"), TODAY)
    assert [item.note for item in card.items] == ["Waiting for your approval"]
    assert card.urgent
    card = today.papers(person("Officer", "author"), TODAY)
    assert "working day" in card.items[0].note
    assert today.papers(person("Practitioner"), TODAY) is None
    assert str(paper) == card.items[0].label


def test_the_list_filters_and_exports(client_as, draft):
    officer = client_as("Officer")
    assert str(draft.title) in officer.get("/reports/").content.decode()
    assert "No papers match" in officer.get("/reports/?status=approved").content.decode()
    assert officer.get("/reports/?export=csv")["Content-Type"].startswith("text/csv")


def test_the_desk_watches_a_job_until_the_paper_has_gone_on(draft, client_as, person):
    making.freeze_figures(draft.pk, by=person("Manager"), now=NOW)
    # The public process has ended the job, and the app's worker has not yet taken the paper on.
    job = queue.claim(Lane.PUBLIC, now=timezone.now())
    with transaction.atomic():
        queue.finish(queue.hold(job), now=timezone.now())
    client = client_as("Manager")
    assert "hx-trigger" in client.get(f"/reports/{draft.pk}/").content.decode()
    watched = client.get(f"/reports/{draft.pk}/jobs/", headers={"HX-Request": "true"})
    assert "hx-trigger" in watched.content.decode()
    assert "HX-Refresh" not in watched.headers
    Job.objects.open().update(state="done", finished_at=timezone.now())
    assert (
        client.get(f"/reports/{draft.pk}/jobs/", headers={"HX-Request": "true"})["HX-Refresh"]
        == "true"
    )
