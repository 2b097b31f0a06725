from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from administration import rules
from administration.actions import people as actions
from administration.filters import PEOPLE_COLUMNS, PeopleFilter
from administration.forms.people import (
    AddPersonForm,
    DeactivateForm,
    GroupsForm,
    PersonForm,
    ReactivateForm,
    SetPasswordForm,
    UnlockForm,
)
from core.guessing import showing
from core.models import User
from core.permissions import Request, require_permission
from core.work import held_by
from core.workflow import refusal
from govuk.form_fields import people_able
from govuk.form_page import bind, form_page
from govuk.lists import ListPage

HAND_OVER_WORK = "core.hand_over_work"
# A password that is sent can be read by others on its way.
HAND_OVER = "Give them the first password in person."


@require_permission("core.change_user")
def list_people(request: Request) -> HttpResponse:
    rows = PeopleFilter(request.GET, queryset=User.objects.prefetch_related("groups"))
    page = ListPage(request, rows, PEOPLE_COLUMNS, default_sort="name", noun=("person", "people"))
    slowed = showing.who_must_wait(timezone.now())
    return render(request, "administration/list_people.html", {"page": page, "slowed": slowed})


@require_permission("core.change_user")
def view_person(request: Request, person_id: int) -> HttpResponse:
    person = get_object_or_404(User.objects.prefetch_related("groups"), pk=person_id)
    context = {
        "person": person,
        "is_self": person.pk == request.user.pk,
        "guesses": showing.guesses_for(person, timezone.now()),
    }
    return render(request, "administration/view_person.html", context)


def page_of(person: User) -> str:
    return reverse("view-person", args=[person.pk])


@require_permission("core.change_user")
def add_person(request: Request) -> HttpResponse:
    return form_page(
        request,
        bind(request, AddPersonForm),
        lambda given: actions.add_person(by=request.user, given=given),
        template="administration/add_person.html",
        done=lambda person: f"{person} has been added. {HAND_OVER}",
        url=page_of,
        cancel_url=reverse("list-people"),
    )


@require_permission("core.change_user")
def change_person(request: Request, person_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=person_id)
    return form_page(
        request,
        bind(request, PersonForm, instance=person),
        lambda given: actions.change_person(person.pk, by=request.user, given=given),
        template="administration/change_person.html",
        done=lambda changed: f"The details of {changed} have been changed.",
        url=page_of(person),
        name=str(person),
    )


@require_permission("core.change_user")
def change_groups(request: Request, person_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=person_id)
    now = list(person.groups.values_list("name", flat=True))
    return form_page(
        request,
        bind(request, GroupsForm, initial={"groups": now}),
        lambda given: actions.change_groups(person.pk, by=request.user, given=given),
        template="administration/change_groups.html",
        done=f"The groups of {person} have been changed.",
        url=page_of(person),
        why_not=refusal(rules.check_change_groups, person, request.user),
        person=person,
    )


@require_permission("core.change_user")
def set_password(request: Request, person_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=person_id)
    return form_page(
        request,
        bind(request, SetPasswordForm, person=person),
        lambda given: actions.set_password(
            person.pk, by=request.user, given=given, now=timezone.now()
        ),
        template="administration/set_password.html",
        done=f"{person} has a new first password. {HAND_OVER}",
        url=page_of(person),
        why_not=refusal(rules.check_set_password, person, request.user),
        person=person,
    )


@require_permission("core.change_user")
def unlock_person(request: Request, person_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=person_id)
    return form_page(
        request,
        bind(request, UnlockForm),
        lambda _nothing: actions.unlock(person.pk, by=request.user, now=timezone.now()),
        template="administration/unlock_person.html",
        done=f"{person} can sign in without waiting. We are telling them.",
        url=page_of(person),
        why_not=refusal(rules.check_unlock, person),
        person=person,
        guesses=showing.guesses_for(person, timezone.now()),
    )


@require_permission("core.change_user")
def deactivate_person(request: Request, person_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=person_id)
    return form_page(
        request,
        bind(request, DeactivateForm),
        lambda _nothing: actions.deactivate(person.pk, by=request.user),
        template="administration/deactivate_person.html",
        done=f"The account of {person} has been closed.",
        url=page_of(person),
        why_not=refusal(rules.check_deactivate, person, request.user),
        person=person,
        held=held_by(person, timezone.localdate()),
        managers=people_able(HAND_OVER_WORK),
    )


@require_permission("core.change_user")
def reactivate_person(request: Request, person_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=person_id)
    return form_page(
        request,
        bind(request, ReactivateForm),
        lambda _nothing: actions.reactivate(person.pk, by=request.user),
        template="administration/reactivate_person.html",
        done=f"The account of {person} has been reopened.",
        url=page_of(person),
        why_not=refusal(rules.check_reactivate, person),
        person=person,
    )
