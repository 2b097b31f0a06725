"""The pages: who may, what bad input meets, and the ways from a proposal to a lift."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from administration.actions import cover as cover_actions
from administration.actions.cover import CoverInput
from core.inputs import ReasonInput
from core.jobs import queue
from core.models import Event
from notifications.actions import registered_recipients as registered
from notifications.actions.registered_recipients import RegisteredRecipientInput
from providers.actions import funded_people
from providers.models import ServiceUnit
from suspensions.actions import changing, deciding
from suspensions.actions.changing import ExtensionInput
from suspensions.actions.deciding import DecideInput, ProposalInput, UrgentInput
from suspensions.models import Criterion, Recipient, Suspension, SuspensionKind, SuspensionStatus
from suspensions.rules import lifting
from tests.suspensions import reading
from tests.suspensions.test_actions import FULL_RECORD, mended, visit

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def url(name, *args):
    return reverse(f"suspensions:{name}", args=args)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def proposer(client_as):
    return client_as("Manager", "proposer")


@pytest.fixture
def decider(client_as):
    return client_as("Manager", "decider")


@pytest.fixture
def as_officer(client_as):
    return client_as("Officer", "officer")


@pytest.fixture
def proposed(service, manager):
    then = timezone.now() - 50 * DAY
    return deciding.propose(
        service.pk,
        by=manager,
        given=ProposalInput(kind=SuspensionKind.FULL, record=FULL_RECORD),
        now=then,
    )


@pytest.fixture
def in_force(proposed, other_manager, today):
    then = timezone.now() - 49 * DAY
    return reading.decide(
        proposed.pk,
        by=other_manager,
        given=DecideInput(
            reason="Agreed.", in_force_from=timezone.localdate(then), review_on=today
        ),
        now=then,
    )


@pytest.fixture
def urgent(service, manager):
    return deciding.suspend_urgently(
        service.pk,
        by=manager,
        given=UrgentInput(summary="Two people were harmed."),
        now=timezone.now() - 9 * DAY,
    )


@pytest.fixture
def record():
    return {
        "kind": "full",
        "summary": "Medicines were not given safely.",
        "reasons": "Three errors in a week.",
        "evidence": "Visit of 2 March.",
        "provider_notified": "Told by telephone.",
        "welfare": "Everyone was seen.",
        "quiet_weeks": "4",
        "recipients": ["0", "1"],
        "authorities": "Neighbourshire\n\nNeighbourshire\nOther City",
    }


def checklist(today, **changes):
    given = {"reason": "It has improved."}
    for criterion in lifting.JUDGED:
        given |= {f"{criterion}_met": "yes", f"{criterion}_evidence": f"Seen: {criterion}"}
    return given | {"review_on": (today + 30 * DAY).isoformat()} | changes


class TestProposing:
    def test_manager_proposes(self, proposer, service, record):
        response = proposer.post(url("propose-for-service", service.pk), record, follow=True)
        made = Suspension.objects.get()
        assert response.redirect_chain == [(url("view-suspension", made.pk), 302)]
        assert "has been proposed" in response.text
        assert [p.name for p in made.recipients.all()] == [
            "Alder Care",
            "CQC",
            "Neighbourshire",
            "Other City",
        ]

    def test_service_is_chosen_first_or_comes_in_the_address(self, proposer, service):
        found = proposer.get(url("propose-suspension"), {"q": "alder"}).text
        assert url("propose-for-service", service.pk) in found
        for name, task in (
            ("propose-suspension", "propose-for-service"),
            ("suspend-now", "suspend-service-now"),
        ):
            response = proposer.get(url(name), {"service": service.pk})
            assert response.url == url(task, service.pk)
        assert "Enter name, provider" in proposer.get(url("suspend-now"), {"q": " "}).text

    @pytest.mark.parametrize(
        ("wrong", "field", "message"),
        [
            ({"summary": ""}, "summary", "Enter reason in one sentence"),
            ({"summary": "x" * 301}, "summary", "300 characters or fewer"),
            ({"reasons": " "}, "reasons", "Enter reasons"),
            ({"welfare": ""}, "welfare", "Enter welfare"),
            ({"kind": "partial"}, "limit", "Enter the limit"),
            ({"kind": "half"}, "kind", "from the list"),
            ({"quiet_weeks": "many"}, "quiet_weeks", "whole number"),
            ({"recipients": []}, "recipients", "Select at least one recipient"),
            (
                {"provider_notified_at": "2099-01-01T10:00"},
                "provider_notified_at",
                "must be in the past",
            ),
            (
                {"provider_notified_at-day": "31", "provider_notified_at-month": "2"},
                "provider_notified_at",
                "",
            ),
        ],
    )
    def test_bad_input_is_said_by_its_field_and_nothing_typed_is_lost(
        self, proposer, service, record, wrong, field, message
    ):
        response = proposer.post(url("propose-for-service", service.pk), record | wrong)
        assert any(message in error for error in response.context["form"].errors[field])
        assert "Visit of 2 March." in response.text
        assert "Other City" in response.text
        assert not Suspension.objects.exists()

    def test_a_unit_of_the_service_can_be_chosen(
        self, proposer, service, unit, record, make_service
    ):
        foreign = ServiceUnit.objects.create(service=make_service("Birch"), name="Wing")
        wrong = proposer.post(url("propose-for-service", service.pk), record | {"unit": foreign.pk})
        assert wrong.context["form"].errors["unit"]
        proposer.post(url("propose-for-service", service.pk), record | {"unit": unit.pk})
        assert Suspension.objects.get().unit == unit

    def test_refusal_is_a_sentence_on_the_form(self, proposer, in_force, service, record):
        response = proposer.post(url("propose-for-service", service.pk), record)
        assert response.context["form"].errors.as_data()["__all__"][0].code == "already-suspended"
        assert "Visit of 2 March." in response.text


class TestDeciding:
    def answer(self, today, **changes):
        return {
            "decision": "in_force",
            "reason": "Agreed with the director.",
            "decided_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
            "in_force_from": today.isoformat(),
            "review_on": (today + 14 * DAY).isoformat(),
        } | changes

    def test_other_manager_puts_it_in_force(self, decider, proposed, today):
        response = reading.post(
            decider, url("decide-suspension", proposed.pk), self.answer(today), follow=True
        )
        assert "Alder House is suspended" in response.text
        assert list(Suspension.objects.in_force_on(today)) == [proposed]

    def test_other_manager_refuses(self, decider, proposed, today):
        answer = self.answer(today, decision="refuse", in_force_from="", review_on="")
        reading.post(decider, url("decide-suspension", proposed.pk), answer)
        proposed.refresh_from_db()
        assert proposed.status == SuspensionStatus.REFUSED

    def test_proposer_is_told_why_not_in_place_of_the_form(self, proposer, proposed, today):
        page = proposer.get(url("decide-suspension", proposed.pk))
        assert page.context["why_not"].code == "same-person"
        assert "another manager must decide it" in page.text
        assert 'name="reason"' not in page.text
        response = reading.post(proposer, url("decide-suspension", proposed.pk), self.answer(today))
        assert response.context["form"].errors.as_data()["__all__"][0].code == "same-person"
        assert "Agreed with the director." in response.text

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"decision": ""}, "decision"),
            ({"reason": ""}, "reason"),
            ({"in_force_from": ""}, "in_force_from"),
            ({"review_on": "31 April 2026"}, "review_on"),
            ({"decided_at": "2099-01-01T10:00"}, "decided_at"),
            ({"decided_at": "yesterday"}, "decided_at"),
            ({"decided_at": "2001-01-01T10:00"}, "decided_at"),
            ({"in_force_from": "2001-01-01"}, "in_force_from"),
        ],
    )
    def test_bad_input(self, decider, proposed, today, wrong, field):
        response = reading.post(
            decider, url("decide-suspension", proposed.pk), self.answer(today) | wrong
        )
        assert response.context["form"].errors[field]
        if "reason" not in wrong:
            assert "Agreed with the director." in response.text
        proposed.refresh_from_db()
        assert proposed.status == SuspensionStatus.PROPOSED

    def test_withdrawing(self, proposer, proposed):
        assert "Enter reason" in proposer.post(url("withdraw-proposal", proposed.pk), {}).text
        proposer.post(url("withdraw-proposal", proposed.pk), {"reason": "Overtaken."})
        proposed.refresh_from_db()
        assert proposed.status == SuspensionStatus.WITHDRAWN


class TestUrgent:
    def test_suspend_now_then_complete_then_confirm(
        self, proposer, decider, service, record, today
    ):
        page = proposer.get(url("suspend-service-now", service.pk))
        assert "no email address, so contact them yourself" in page.text
        assert "Notified when it is confirmed, or at noon on the last day for that" in page.text
        assert "no suspension is in force" in page.text
        assert "not recorded yet" in page.text
        sent = {
            "kind": "full",
            "summary": "Two people were harmed.",
            "in_force_from": today.isoformat(),
        }
        response = proposer.post(url("suspend-service-now", service.pk), sent, follow=True)
        assert "Another manager must confirm this suspension" in response.text
        made = Suspension.objects.get()
        own = proposer.get(url("confirm-suspension", made.pk))
        assert own.context["why_not"].code == "same-person"

        answer = {
            "decision": "confirm",
            "reason": "Agreed.",
            "decided_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
            "review_on": (today + 7 * DAY).isoformat(),
        }
        bare = reading.post(decider, url("confirm-suspension", made.pk), answer)
        errors = bare.context["form"].errors.as_data()
        assert errors["__all__"][0].code == "record-incomplete"
        reading.post(proposer, url("complete-record", made.pk), record)
        response = reading.post(decider, url("confirm-suspension", made.pk), answer, follow=True)
        assert "The suspension has been confirmed." in response.text
        made.refresh_from_db()
        assert made.evidence == "Visit of 2 March."
        assert not made.is_unconfirmed

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"summary": ""}, "summary"),
            ({"kind": ""}, "kind"),
            ({"kind": "partial", "limit": ""}, "limit"),
            ({"in_force_from": "soon"}, "in_force_from"),
            ({"in_force_from": "2001-01-01"}, "in_force_from"),
            ({"in_force_from": "2206-01-01"}, "in_force_from"),
        ],
    )
    def test_bad_input(self, proposer, service, today, wrong, field):
        sent = {
            "kind": "full",
            "summary": "People were harmed.",
            "in_force_from": today.isoformat(),
        }
        response = proposer.post(url("suspend-service-now", service.pk), sent | wrong)
        assert response.context["form"].errors[field]
        assert "summary" in wrong or "People were harmed." in response.text
        assert not Suspension.objects.exists()

    def test_overdue_stands_on_every_page_of_it(self, decider, urgent, service):
        overdue = "Overdue: no other manager"
        assert overdue in decider.get(url("view-suspension", urgent.pk)).text
        assert "Overdue: not confirmed" in decider.get(url("list-suspensions")).text
        assert overdue in decider.get(url("suspend-service-now", service.pk)).text

    def test_page_of_the_evening_says_who_confirms_and_who_has_been_notified(
        self, proposer, decider, service, person, manager, other_manager, today
    ):
        stand_in = person("Manager", "stand-in")
        cover_actions.set_cover(
            by=manager,
            given=CoverInput(
                person_id=other_manager.pk, deputy_id=stand_in.pk, from_on=today, until_on=today
            ),
            now=timezone.now(),
        )
        given = funded_people.FundedPeopleInput(funder="council", people=9, counted_on=today)
        funded_people.count_people(service.pk, by=manager, given=given, now=timezone.now())
        cover = f"Decider (away until {today:%-d %B %Y}: {stand_in})"
        before = proposer.get(url("suspend-service-now", service.pk)).text
        assert cover in before
        assert "This council 9 (9 in all)." in before

        registered.add_recipient(
            by=manager,
            given=RegisteredRecipientInput(
                kind="own_team", name="Out of hours", email="out@council.test"
            ),
            now=timezone.now(),
        )

        def states(page):
            # CQC has no address here, and is contacted by a person.
            return [each.state for each in page.context["tonight"] if each.kind == "own_team"]

        made = deciding.suspend_urgently(
            service.pk, by=manager, given=UrgentInput(summary="Harm."), now=timezone.now()
        )
        page = proposer.get(url("view-suspension", made.pk))
        assert cover in page.text
        assert states(page) == ["Email to be sent"]
        assert 'hx-trigger="every 3s"' in page.text
        while queue.work():
            pass
        page = proposer.get(url("view-suspension", made.pk))
        assert states(page) == ["Notified"]
        assert "every 3s" not in page.text
        assert (
            "Not notified yet: Alder Care" in decider.get(url("confirm-suspension", made.pk)).text
        )

    def test_ended_by_the_other_manager(self, decider, urgent):
        answer = {
            "decision": "end",
            "reason": "The report was wrong.",
            "decided_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        }
        response = reading.post(decider, url("confirm-suspension", urgent.pk), answer, follow=True)
        assert "The suspension has ended." in response.text

    def test_record_is_saved_in_parts(self, proposer, urgent):
        reading.post(
            proposer,
            url("complete-record", urgent.pk),
            {"summary": "Harm.", "reasons": "Falls.", "quiet_weeks": "6"},
        )
        urgent.refresh_from_db()
        assert (urgent.reasons, urgent.quiet_weeks, urgent.evidence) == ("Falls.", 6, "")
        assert "Falls." in proposer.get(url("complete-record", urgent.pk)).text


def test_waiting_change_stands_at_the_head_of_the_page(
    proposer, decider, as_officer, in_force, manager, today
):
    given = ExtensionInput(until=today + 60 * DAY, reason="Not sustained.")
    change = changing.propose_extension(in_force.pk, by=manager, given=given, now=timezone.now())
    page = decider.get(url("view-suspension", in_force.pk)).text
    assert page.index(url("decide-change", change.pk)) < page.index("What you can do now")
    assert (
        url("decide-change", change.pk)
        not in as_officer.get(url("view-suspension", in_force.pk)).text
    )


class TestLifting:
    @pytest.fixture
    def ready(self, in_force, service, officer, today):
        mended(service, officer, today - 9 * DAY)
        visit(service, officer, today - 3 * DAY)
        return in_force

    def test_proposed_and_lifted_by_two(self, proposer, decider, ready, today):
        response = proposer.post(url("propose-lift", ready.pk), checklist(today), follow=True)
        assert "The lift has been proposed" in response.text
        answer = {
            "decision": "lift",
            "reason": "Agreed.",
            "decided_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        }
        own = reading.post(proposer, url("decide-lift", ready.pk), answer)
        assert own.context["form"].errors.as_data()["__all__"][0].code == "same-person"
        response = reading.post(decider, url("decide-lift", ready.pk), answer, follow=True)
        assert "has been lifted" in response.text
        assert not Suspension.objects.in_force_on(today).exists()

    def test_unmet_criterion_is_named_by_its_field_and_override_is_kept(
        self, proposer, ready, today
    ):
        unmet = {"cqc_view_met": "no", "cqc_view_evidence": ""}
        response = proposer.post(url("propose-lift", ready.pk), checklist(today, **unmet))
        assert "Not met yet: CQC’s view" in str(
            response.context["form"].errors["cqc_view_override"]
        )
        assert "Seen: icb_view" in response.text
        reason = {"cqc_view_override": "CQC has not answered in a month."}
        response = proposer.post(
            url("propose-lift", ready.pk), checklist(today, **unmet, **reason), follow=True
        )
        assert "CQC has not answered in a month." in response.text
        assert (
            ready.lift_criteria.get(criterion=Criterion.CQC_VIEW).overridden_by.username
            == "proposer"
        )

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"reason": ""}, "reason"),
            ({"manager_in_post_met": ""}, "manager_in_post_met"),
            ({"manager_in_post_evidence": " "}, "manager_in_post_evidence"),
            ({"review_on": ""}, "review_on"),
            ({"review_on": "2020-01-01"}, "review_on"),
        ],
    )
    def test_bad_input(self, proposer, ready, today, wrong, field):
        response = proposer.post(url("propose-lift", ready.pk), checklist(today) | wrong)
        assert response.context["form"].errors[field]
        assert "Seen: icb_view" in response.text
        assert not ready.lift_criteria.exists()

    def test_computed_criterion_asks_for_its_reason(self, proposer, in_force, today):
        page = proposer.get(url("propose-lift", in_force.pk))
        assert "No completed visit of the council with an outcome since" in page.text
        response = proposer.post(url("propose-lift", in_force.pk), checklist(today))
        assert "Not met yet: A visit after" in str(
            response.context["form"].errors["visit_after_override"]
        )
        given = checklist(
            today,
            visit_after_override="CQC visited last week.",
            actions_verified_override="CQC agreed them.",
        )
        assert proposer.post(url("propose-lift", in_force.pk), given).status_code == 302

    def test_criterion_that_fell_since_asks_the_decider(
        self, proposer, decider, ready, today, service, officer
    ):
        proposer.post(url("propose-lift", ready.pk), checklist(today))
        service.actions.create(
            text="Repair", owner_name="Manager", agreed_on=today, agreed_by=officer, due_on=today
        )
        answer = {
            "decision": "lift",
            "reason": "Agreed.",
            "decided_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        }
        response = reading.post(decider, url("decide-lift", ready.pk), answer)
        assert response.context["form"].errors["actions_verified_override"]
        answer["actions_verified_override"] = "A door handle."
        assert reading.post(decider, url("decide-lift", ready.pk), answer).status_code == 302

    def test_lift_refused(self, proposer, decider, ready, today):
        proposer.post(url("propose-lift", ready.pk), checklist(today))
        answer = {
            "decision": "refuse",
            "reason": "Too early.",
            "decided_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        }
        response = reading.post(decider, url("decide-lift", ready.pk), answer, follow=True)
        assert "The lift has been refused" in response.text
        assert "Too early." in response.text


class TestMonitoring:
    def test_review_progress_and_recipient(self, as_officer, in_force, today):
        review = {
            "done_on": today.isoformat(),
            "outcome": "Goes on.",
            "next_on": (today + DAY).isoformat(),
        }
        as_officer.post(url("record-review", in_force.pk), review)
        note = {"kind": "welfare", "happened_on": today.isoformat(), "text": "All seen."}
        as_officer.post(url("add-progress", in_force.pk), note)
        as_officer.post(
            url("add-recipient", in_force.pk),
            {"kind": "authority", "name": "Other City", "email": ""},
        )
        page = as_officer.get(url("view-suspension", in_force.pk)).text
        assert "Goes on." in page
        assert "All seen." in page
        assert "Other City" in page

    @pytest.mark.parametrize(
        ("name", "sent", "field"),
        [
            ("record-review", {"done_on": "", "outcome": "Kept words."}, "done_on"),
            (
                "record-review",
                {"done_on": "2099-01-01", "outcome": "Kept words.", "next_on": "2099-02-01"},
                "done_on",
            ),
            ("record-review", {"done_on": "2026-01-01", "outcome": "Kept words."}, "done_on"),
            (
                "record-review",
                {"done_on": "2026-01-01", "outcome": "Kept words.", "next_on": "2206-02-01"},
                "next_on",
            ),
            (
                "add-progress",
                {"kind": "note", "happened_on": "2099-01-01", "text": "Kept words."},
                "happened_on",
            ),
            (
                "add-progress",
                {"kind": "song", "happened_on": "2026-01-01", "text": "Kept words."},
                "kind",
            ),
            (
                "add-recipient",
                {"kind": "cqc", "name": "Kept words.", "email": "no address"},
                "email",
            ),
            ("add-recipient", {"kind": "", "name": "Kept words."}, "kind"),
            (
                "check-welfare",
                {
                    "done_on": "2026-01-01",
                    "living_there": "10",
                    "seen": "12",
                    "found": "Kept words.",
                },
                "seen",
            ),
        ],
    )
    def test_bad_input(self, as_officer, in_force, name, sent, field):
        response = as_officer.post(url(name, in_force.pk), sent)
        assert response.context["form"].errors[field]
        assert "Kept words." in response.text

    def test_notified_by_hand_by_email_or_not_at_all(self, as_officer, in_force):
        cqc, icb, families = (
            in_force.recipients.get(kind=kind) for kind in ("cqc", "icb", "families")
        )
        notified_at = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
        told = {"what": "told", "notified_at": notified_at, "how": "telephone", "outcome": "Noted."}
        as_officer.post(url("record-notified", cqc.pk), told)
        as_officer.post(
            url("record-notified", icb.pk), {"what": "email", "email": "quality@icb.test"}
        )
        as_officer.post(
            url("record-notified", families.pk),
            {"what": "close", "closed_reason": "Nobody lives there."},
        )
        states = {recipient.pk: recipient.state for recipient in Recipient.objects.all()}
        assert (states[cqc.pk], states[icb.pk], states[families.pk]) == (
            "Notified",
            "Email to be sent",
            "Closed",
        )

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({}, "what"),
            ({"what": "told", "notified_at": ""}, "notified_at"),
            ({"what": "told", "how": ""}, "how"),
            ({"what": "told", "notified_at": "2099-01-01T10:00", "how": "letter"}, "notified_at"),
            ({"what": "email", "email": "nowhere"}, "email"),
            ({"what": "close"}, "closed_reason"),
        ],
    )
    def test_bad_input_of_notified(self, as_officer, in_force, sent, field):
        recipient = in_force.recipients.get(kind="cqc")
        response = as_officer.post(
            url("record-notified", recipient.pk), {"outcome": "Kept words."} | sent
        )
        assert response.context["form"].errors[field]
        assert "Kept words." in response.text

    def test_name_marked_public_and_exempt_again(self, decider, in_force):
        assert (
            "Enter why the name can be public"
            in decider.post(url("mark-name", in_force.pk), {}).text
        )
        decider.post(url("mark-name", in_force.pk), {"reason": "Announced."})
        in_force.refresh_from_db()
        assert in_force.is_public_name
        decider.post(url("mark-name", in_force.pk), {})
        in_force.refresh_from_db()
        assert not in_force.is_public_name

    def test_button_says_that_the_name_becomes_exempt_again(self, decider, in_force):
        page = decider.get(url("mark-name", in_force.pk))
        assert page.context["form"].submit_label == "Make the name public"
        decider.post(url("mark-name", in_force.pk), {"reason": "Announced."})
        page = decider.get(url("mark-name", in_force.pk))
        assert page.context["form"].submit_label == "Make the name exempt again"

    def test_register_has_a_page_of_its_own_to_add_to_it(self, as_officer):
        page = as_officer.get(reverse("notifications:add-recipient"))
        assert "suspensions/task.html" not in [template.name for template in page.templates]
        assert "Add a recipient to the register" in page.text

    def test_task_is_called_the_same_on_its_link_and_on_its_page(self, as_officer, in_force):
        page = as_officer.get(url("view-suspension", in_force.pk))
        open_to_officer = [task for task in page.context["tasks"] if not task["why_not"]]
        assert len(open_to_officer) > 5
        for task in open_to_officer:
            assert task["label"] in as_officer.get(task["url"]).text, task["label"]


class TestReading:
    def test_list_filters_and_files(self, as_officer, row, make_service, today):
        row(service=make_service("Birch House"), from_on=today - 9 * DAY)
        row(SuspensionStatus.LIFTED, from_on=today - 90 * DAY, lifted_on=today - 60 * DAY)

        def shown(**query):
            page = as_officer.get(url("list-suspensions"), query).context["page"]
            return {suspension.service.name for suspension in page}

        assert shown() == {"Alder House", "Birch House"}
        assert shown(q="birch") == {"Birch House"}
        assert shown(status="lifted") == {"Alder House"}
        assert shown(as_at=(today - 70 * DAY).isoformat()) == {"Alder House"}
        assert shown(waiting="true") == set()
        assert shown(review="true") == set()
        page = as_officer.get(url("list-suspensions"), {"as_at": (today - 70 * DAY).isoformat()})
        assert "Care Home – Ageing Well" in page.text
        assert (
            "Alder House"
            in as_officer.get(url("list-suspensions"), {"export": "csv"}).getvalue().decode()
        )
        assert as_officer.get(url("list-suspensions"), {"as_at": "never"}).status_code == 200

    def test_list_says_what_is_overdue_and_what_matches_nothing(self, as_officer, row, today):
        row(from_on=today - 9 * DAY, review_on=today - DAY)
        assert "Overdue" in as_officer.get(url("list-suspensions")).text
        nothing = as_officer.get(url("list-suspensions"), {"q": "no such service"})
        assert "cq-empty" in nothing.text

    def test_list_costs_the_same_for_many(
        self, as_officer, row, make_service, today, django_assert_max_num_queries
    ):
        for number in range(25):
            row(service=make_service(f"Home {number}"), from_on=today)
        as_officer.get(url("list-suspensions"))
        with django_assert_max_num_queries(16):
            as_officer.get(url("list-suspensions"))

    def test_page_says_what_can_be_done_by_whom_and_why_not(
        self, proposer, decider, as_officer, proposed, other_manager
    ):
        other_manager.first_name, other_manager.last_name = "Dee", "Cider"
        other_manager.save()
        page = proposer.get(url("view-suspension", proposed.pk)).text
        assert "You proposed this suspension, so another manager must decide it." in page
        assert "Can be done by Dee Cider" in page
        assert (
            url("decide-suspension", proposed.pk)
            in decider.get(url("view-suspension", proposed.pk)).text
        )
        assert (
            "You do not have the right to"
            in as_officer.get(url("view-suspension", proposed.pk)).text
        )

    @pytest.mark.parametrize("group", ["Practitioner", "Administrator", "Committee clerk"])
    def test_exempt_pages_are_403_whether_or_not_there_is_one(self, client_as, in_force, group):
        client = client_as(group)
        for name in (
            "view-suspension",
            "decide-suspension",
            "add-progress",
            "propose-lift",
            "mark-name",
        ):
            assert client.get(url(name, in_force.pk)).status_code == 403
            assert client.get(url(name, 999999)).status_code == 403
        assert client.get(url("list-suspensions")).status_code == 403

    def test_officers_neither_propose_nor_decide(self, as_officer, in_force, service):
        for name in (
            "decide-suspension",
            "confirm-suspension",
            "propose-lift",
            "decide-lift",
            "mark-name",
        ):
            assert as_officer.get(url(name, in_force.pk)).status_code == 403
        assert as_officer.get(url("suspend-service-now", service.pk)).status_code == 403
        assert as_officer.get(url("propose-for-service", service.pk)).status_code == 403

    def test_one_that_is_not_there_is_404(self, decider):
        assert decider.get(url("view-suspension", 999999)).status_code == 404
        assert decider.get(url("record-notified", 999999)).status_code == 404


def test_lead_is_handed_over_by_a_manager(proposer, as_officer, in_force, officer, proposed):
    page = url("hand-over", in_force.pk)
    assert page in proposer.get(url("view-suspension", in_force.pk)).text
    assert as_officer.get(page).status_code == 403
    refused = proposer.post(page, {"lead": "", "reason": "Kept words."})
    assert refused.context["form"].errors["lead"]
    assert "Kept words." in refused.text
    done = proposer.post(page, {"lead": officer.pk, "reason": "On leave."}, follow=True)
    assert "Officer is now the lead officer." in done.text


def test_letter_of_what_was_never_in_force_is_refused_on_the_page(as_officer, proposed, manager):
    deciding.withdraw(
        proposed.pk, by=manager, given=ReasonInput(reason="Wrong."), now=timezone.now()
    )
    page = as_officer.post(url("write-letter", proposed.recipients.first().pk), follow=True)
    assert "This proposal was withdrawn." in page.text
    assert not proposed.letters.exists()


class TestPlacementStatus:
    def test_gives_no_reason_and_reading_is_recorded(self, client_as, in_force, service):
        page = client_as("Practitioner").get(url("view-placement-status", service.pk))
        assert "Do not place" in page.text
        assert "Medicines" not in page.text
        event = Event.objects.get(kind="placement_status.read")
        assert (event.service_id, event.after["suspended"]) == (service.pk, True)

    def test_partial_gives_its_limit_and_a_unit_its_name(
        self, client_as, row, service, unit, today
    ):
        row(unit=unit, kind=SuspensionKind.PARTIAL, limit="Two a week.", from_on=today)
        page = client_as("Practitioner").get(url("view-placement-status", service.pk)).text
        assert "Ask before you place" in page
        assert "Placements in Rose unit are limited. Two a week." in page

    def test_what_begins_later_is_said_with_its_day(self, client_as, row, service, today):
        row(from_on=today + DAY)
        page = client_as("Practitioner").get(url("view-placement-status", service.pk)).text
        assert "You can place" in page
        said = f"From {today + DAY:%-d %B %Y}: Do not place in the whole service."
        assert said in " ".join(page.split())

    def test_nothing_in_the_way(self, client_as, proposed, service):
        assert (
            "You can place"
            in client_as("Practitioner").get(url("view-placement-status", service.pk)).text
        )

    def test_is_for_those_who_place(self, as_officer, service):
        assert as_officer.get(url("view-placement-status", service.pk)).status_code == 403


class TestToday:
    def cards(self, user, today):
        from suspensions.today import to_decide, to_review

        return to_decide(user, today), to_review(user, today)

    def test_manager_sees_what_waits_and_not_what_they_proposed(
        self, proposed, manager, other_manager, today
    ):
        assert self.cards(manager, today)[0].count == 0
        card = self.cards(other_manager, today)[0]
        assert [item.label for item in card.items] == ["Alder House"]
        assert not card.urgent

    def test_overdue_confirmation_alerts_every_manager(self, urgent, manager, other_manager, today):
        for user in (manager, other_manager):
            card = self.cards(user, today)[0]
            assert card.urgent
            assert card.items[0].late
            assert "still in force" in card.items[0].note

    def test_reviews_are_the_lead_officers_and_the_managers(
        self, in_force, officer, manager, person, today
    ):
        assert self.cards(officer, today)[1].count == 0
        in_force.lead_officer = officer
        in_force.save()
        assert self.cards(officer, today)[1].count == 1
        assert self.cards(manager, today)[1].count == 1
        assert self.cards(person("Practitioner"), today) == (None, None)
