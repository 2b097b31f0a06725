"""The team's late work stands before its managers: who has it, since when. It is handed over in one
step, keeping its history and telling the new owner; a leaver's all at once.
"""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from administration.actions import handing_over, people
from administration.actions.handing_over import HandAllOverInput, HandOverInput
from audits.audit_states import re_audits
from audits.models import Action, AuditReport, ProgrammeEntry, Template, Visit, year_of
from concerns.models import Concern
from core.dates import day_in_words
from core.jobs import queue
from core.jobs.models import Job
from core.models import Event, Handover
from core.work import held_by, late_on
from oversight import today as cards
from tests.refusals import not_allowed

WHY = "They are away for a month."


@pytest.fixture
def manager(person):
    return person("Manager")


@pytest.fixture
def other(person):
    return person("Officer", "other.officer")


@pytest.fixture
def late_concern(concern, person, now):
    Concern.objects.filter(pk=concern.pk).update(
        allocated_to=person("Officer"), respond_by=now - timedelta(days=20)
    )
    return Concern.objects.get(pk=concern.pk)


@pytest.fixture
def slipped(service, person, now, today):
    officer = person("Officer")
    return Visit.objects.create(
        service=service,
        kind="monitoring",
        planned_for=today - timedelta(days=9),
        officer=officer,
        planned_at=now,
        planned_by=officer,
    )


def kinds(manager, today):
    return {kind.work.name: kind.pieces for kind in late_on(today, manager)}


def test_managers_today_shows_a_concern_that_an_officer_has_not_answered(
    client_as, late_concern, manager, today
):
    page = client_as("Manager").get(reverse("oversight:today")).text
    assert "The team’s late work" in page
    assert late_concern.reference in page
    since = day_in_words(timezone.localdate(late_concern.respond_by))
    assert f"Concerns without a first response. Officer, since {since}" in page
    assert reverse("oversight:hand-over", args=["concerns", late_concern.pk]) in page
    assert "The team’s late work" not in client_as("Officer").get(reverse("oversight:today")).text


def test_many_of_one_kind_do_not_hide_the_others(late_concern, slipped, many, manager, person, now):
    today = timezone.localdate()
    for each in many(20):
        Visit.objects.create(
            service=each,
            kind="monitoring",
            planned_for=today - timedelta(days=40),
            officer=person("Officer"),
            planned_at=now,
            planned_by=manager,
        )
    card = cards.late_work(manager, today)
    assert card.count == 22
    assert [item.note.partition(".")[0] for item in card.items] == [
        "Concerns without a first response",
        "Visits that have slipped",
        "Visits that have slipped",
    ]


def test_one_step_hands_it_over_keeps_its_history_and_tells_the_new_owner(
    client_as, late_concern, manager, other, person
):
    client = client_as("Manager")
    url = reverse("oversight:hand-over", args=["concerns", late_concern.pk])
    assert "Officer has it now." in client.get(url).text
    response = client.post(url, {"to": other.pk, "reason": WHY}, follow=True)
    assert "Other Officer has this now." in response.text
    late_concern.refresh_from_db()
    assert late_concern.allocated_to == other
    kept = Handover.objects.get()
    assert (kept.from_person, kept.to_person, kept.by, kept.reason) == (
        person("Officer"),
        other,
        manager,
        WHY,
    )
    assert Event.objects.filter(kind="concern.allocated").exists()
    page = client.get(reverse("concerns:view-concern", args=[late_concern.pk])).text
    assert "From Officer to Other Officer" in page
    assert WHY in page
    queue.work()
    [sent] = mail.outbox
    assert sent.to == [other.email]
    assert "1 open concern" in sent.body
    assert late_concern.reference not in sent.body + sent.subject


def test_email_to_the_new_owner_that_cannot_go_is_said_on_the_page_of_the_concern(
    client_as, late_concern, manager, other
):
    type(other).objects.filter(pk=other.pk).update(email="")
    given = HandOverInput(other.pk, WHY)
    handing_over.hand_over("concerns", late_concern.pk, by=manager, given=given, now=timezone.now())
    queue.work()
    page = client_as("Manager").get(reverse("concerns:view-concern", args=[late_concern.pk])).text
    assert "tell them yourself that it is theirs now" in page
    job = Job.objects.get(kind="administration.tell-new-holder")
    settle = reverse("settle-job", args=[job.pk])
    assert settle in page
    assert client_as("Practitioner").get(settle).status_code == 404
    client_as("Manager").post(settle)
    page = client_as("Manager").get(reverse("concerns:view-concern", args=[late_concern.pk])).text
    assert "tell them yourself" not in page
    assert Event.objects.filter(kind="job.settled").exists()


def test_it_is_handed_over_to_somebody_who_may_and_to_another(late_concern, manager, person, other):
    def give(to):
        handing_over.hand_over(
            "concerns",
            late_concern.pk,
            by=manager,
            given=HandOverInput(to.pk, WHY),
            now=timezone.now(),
        )

    with not_allowed("cannot-hold", "to"):
        give(person("Practitioner"))
    with not_allowed("holds-already", "to"):
        give(person("Officer"))
    assert not Handover.objects.exists()


def test_a_visit_that_slipped_and_one_in_progress_are_handed_over(
    slipped, manager, other, now, today
):
    assert [piece.pk for piece in kinds(manager, today)["visits"]] == [slipped.pk]
    given = HandOverInput(other.pk, WHY)
    handing_over.hand_over("visits", slipped.pk, by=manager, given=given, now=now)
    slipped.refresh_from_db()
    assert slipped.officer == other
    Visit.objects.filter(pk=slipped.pk).update(status="in_progress", visited_on=today)
    third = HandOverInput(manager.pk, WHY)
    handing_over.hand_over("visits", slipped.pk, by=manager, given=third, now=now)
    assert Visit.objects.get(pk=slipped.pk).officer == manager


# An audit that is due again within the year


@pytest.fixture
def due_again(service, person, now, today):
    """Audited a month ago in this year's programme, and due again a week ago by its rating."""
    officer, other = person("Officer"), person("Senior officer")
    service.lead_officer = officer
    service.save()
    template = Template.objects.create(
        key="t",
        version=1,
        name="T",
        status="current",
        service_types=["residential_home"],
        excellent_from=90,
        good_from=70,
        improvement_from=50,
        created_at=now,
        published_at=now,
        published_by=other,
    )
    visited_on = today - timedelta(days=100)
    visit = Visit.objects.create(
        service=service,
        kind="annual",
        template=template,
        status="completed",
        planned_for=visited_on,
        visited_on=visited_on,
        officer=officer,
        planned_at=now,
        planned_by=officer,
        completed_at=now,
        completed_by=officer,
        score=40,
        outcome="poor",
    )
    ProgrammeEntry.objects.create(
        year=year_of(today),
        service=service,
        due_on=visited_on,
        officer=officer,
        placed_at=now,
        placed_by=officer,
    )
    AuditReport.objects.create(
        visit=visit,
        status="final",
        drafted_at=now,
        drafted_by=officer,
        made_by=officer,
        drafted_outcome="poor",
        standing_outcome="poor",
        moderated_at=now,
        moderated_by=other,
        moderated_outcome="poor",
        final_on=visited_on,
        final_by=officer,
        final_outcome="poor",
        next_due_on=today - timedelta(days=7),
    )
    return visit


def test_an_audit_that_the_last_rating_asks_for_is_watched_until_it_is_planned(
    due_again, manager, client_as, now, today
):
    [piece] = kinds(manager, today)["re-audits"]
    assert (str(piece.holder), piece.since) == ("Officer", today - timedelta(days=7))
    client = client_as("Manager")
    page = client.get(reverse("oversight:view-service", args=[due_again.service_id])).text
    assert "is to be audited again by" in page
    programme = reverse("audits:view-programme", args=[year_of(today), "residential_home"])
    assert f"Audit due again by {day_in_words(piece.since)}" in client.get(programme).text
    Visit.objects.create(
        service=due_again.service,
        kind="annual",
        template=due_again.template,
        planned_for=today + timedelta(days=3),
        officer=manager,
        planned_at=now,
        planned_by=manager,
    )
    assert "re-audits" not in kinds(manager, today)
    [due] = re_audits(today - timedelta(days=30), today)
    assert due.visit is not None
    assert due.is_late_on(today)


def test_a_later_audit_has_answered_what_the_earlier_one_asked_for(due_again, manager, today):
    Visit.objects.create(
        service=due_again.service,
        kind="annual",
        template=due_again.template,
        status="completed",
        planned_for=today,
        visited_on=today - timedelta(days=1),
        officer=manager,
        planned_at=timezone.now(),
        planned_by=manager,
        completed_at=timezone.now(),
        completed_by=manager,
        score=80,
        outcome="good",
    )
    assert "re-audits" not in kinds(manager, today)


def test_a_plan_that_is_overdue_goes_to_another_and_the_audit_stays_whose_it_was(
    due_again, manager, other, person, now, today
):
    report = due_again.report
    AuditReport.objects.filter(pk=report.pk).update(plan_due_on=today - timedelta(days=1))
    [piece] = kinds(manager, today)["plans"]
    assert (piece.pk, piece.holder) == (report.pk, person("Officer"))
    given = HandOverInput(other.pk, WHY)
    handing_over.hand_over("reports", report.pk, by=manager, given=given, now=now)
    report.refresh_from_db()
    assert (report.carried_on_by, report.visit.officer) == (other, person("Officer"))
    assert [each.pk for each in AuditReport.objects.in_hand_of([other])] == [report.pk]
    assert not AuditReport.objects.in_hand_of([person("Officer")]).exists()


# A leaver


@pytest.fixture
def leaver(late_concern, slipped, due_again, service, person, now, today):
    officer = person("Officer")
    Action.objects.create(
        service=service,
        text="Look at the rota",
        officer=officer,
        agreed_on=today,
        agreed_by=officer,
        due_on=today + timedelta(days=9),
    )
    return officer


def test_closing_an_account_lists_what_its_owner_has_in_hand(leaver, client_as, manager):
    url = reverse("deactivate-person", args=[leaver.pk])
    page = client_as("Administrator").get(url).text
    for words in ("1 open concern", "1 visit to make", "1 service led", "1 action of the council"):
        assert words in page
    # The administrator reads nothing exempt, and is told who can hand it over.
    assert "C-2019" not in page
    assert "These people can hand it over: Manager" in page


def test_what_a_leaver_had_stands_on_managers_today_until_it_is_handed_over(
    leaver, client_as, person, manager, other, today
):
    people.deactivate(leaver.pk, by=person("Administrator"))
    card = cards.work_of_leavers(manager, today)
    assert card.urgent
    [item] = card.items
    assert item.url == reverse("oversight:view-work", args=[leaver.pk])
    client = client_as("Manager")
    assert "Account closed" in client.get(item.url).text
    held = {kind.work.name for kind in held_by(leaver, today) if kind.work.handing_over}
    assert held == {"concerns", "visits", "services", "actions"}
    answer = {"kinds": sorted(held), "to": other.pk, "reason": "They have left."}
    response = client.post(item.url, answer, follow=True)
    assert "Handed over: 1 open concern, 1 visit to make" in response.text
    assert not [kind for kind in held_by(leaver, today) if kind.work.handing_over]
    assert cards.work_of_leavers(manager, today) is None
    assert Handover.objects.filter(from_person=leaver, to_person=other).count() == 4
    queue.work()
    assert [message.to for message in mail.outbox] == [[other.email]]


def test_a_leavers_work_goes_whole_or_not_at_all(leaver, manager, person, now):
    given = HandAllOverInput(person("Practitioner").pk, WHY, ["concerns", "services"])
    with not_allowed("cannot-hold", "to"):
        handing_over.hand_all_over(leaver.pk, by=manager, given=given, now=now)
    with not_allowed("nothing-held", "kinds"):
        handing_over.hand_all_over(
            leaver.pk,
            by=manager,
            given=HandAllOverInput(manager.pk, WHY, ["meetings"]),
            now=now,
        )
    assert not Handover.objects.exists()
