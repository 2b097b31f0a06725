from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from carequality import rules
from carequality.actions import people as actions
from carequality.filters import PEOPLE_COLUMNS, PeopleFilter
from carequality.forms.people import (
    AddPersonForm,
    DeactivateForm,
    GroupsForm,
    PersonForm,
    ReactivateForm,
    SetPasswordForm,
)
from carequality.govuk.lists import ListPage
from carequality.models import User
from carequality.permits import Request, permit
from carequality.refusals import Refused


@permit("carequality.change_user")
def list_people(request: Request) -> HttpResponse:
    rows = PeopleFilter(request.GET, queryset=User.objects.prefetch_related("groups"))
    page = ListPage(request, rows, PEOPLE_COLUMNS, default_sort="name", noun=("person", "people"))
    return render(request, "carequality/list_people.html", {"page": page})


@permit("carequality.change_user")
def view_person(request: Request, person_id: int) -> HttpResponse:
    person = get_object_or_404(User.objects.prefetch_related("groups"), pk=person_id)
    context = {"person": person, "is_self": person.pk == request.user.pk}
    return render(request, "carequality/view_person.html", context)


@permit("carequality.change_user")
def add_person(request: Request) -> HttpResponse:
    form = AddPersonForm(request.POST if request.method == "POST" else None)
    form.cancel_url = reverse("list-people")
    if request.method == "POST" and form.is_valid():
        person = actions.add_person(by=request.user, **form.cleaned_data)
        messages.success(request, f"{person} has been added. Give them the first password in person.")
        return redirect("view-person", person.pk)
    return render(request, "carequality/add_person.html", {"form": form})


@permit("carequality.change_user")
def change_person(request: Request, person_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=person_id)
    name = str(person)
    form = PersonForm(request.POST if request.method == "POST" else None, instance=person)
    form.cancel_url = reverse("view-person", args=[person.pk])
    if request.method == "POST" and form.is_valid():
        person = actions.change_person(person.pk, by=request.user, **form.cleaned_data)
        messages.success(request, f"The details of {person} have been changed.")
        return redirect("view-person", person.pk)
    return render(request, "carequality/change_person.html", {"form": form, "name": name})


@permit("carequality.change_user")
def change_groups(request: Request, person_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=person_id)
    now = list(person.groups.values_list("name", flat=True))
    form = GroupsForm(request.POST if request.method == "POST" else None, initial={"groups": now})
    form.cancel_url = reverse("view-person", args=[person.pk])
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_groups(person.pk, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("groups", str(refusal))
        else:
            messages.success(request, f"The groups of {person} have been changed.")
            return redirect("view-person", person.pk)
    why_not = rules.why_not_change_groups(person, request.user)
    return render(
        request, "carequality/change_groups.html", {"form": form, "person": person, "why_not": why_not}
    )


@permit("carequality.change_user")
def set_password(request: Request, person_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=person_id)
    form = SetPasswordForm(request.POST if request.method == "POST" else None, person=person)
    form.cancel_url = reverse("view-person", args=[person.pk])
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_password(person.pk, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("password", str(refusal))
        else:
            messages.success(request, f"{person} has a first password. Give it to them in person.")
            return redirect("view-person", person.pk)
    why_not = rules.why_not_set_password(person, request.user)
    return render(
        request, "carequality/set_password.html", {"form": form, "person": person, "why_not": why_not}
    )


@permit("carequality.change_user")
def deactivate_person(request: Request, person_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=person_id)
    form = DeactivateForm(request.POST if request.method == "POST" else None)
    form.cancel_url = reverse("view-person", args=[person.pk])
    if request.method == "POST" and form.is_valid():
        try:
            actions.deactivate(person.pk, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"The account of {person} is closed.")
            return redirect("view-person", person.pk)
    why_not = rules.why_not_deactivate(person, request.user)
    return render(
        request, "carequality/deactivate_person.html", {"form": form, "person": person, "why_not": why_not}
    )


@permit("carequality.change_user")
def reactivate_person(request: Request, person_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=person_id)
    form = ReactivateForm(request.POST if request.method == "POST" else None)
    form.cancel_url = reverse("view-person", args=[person.pk])
    if request.method == "POST" and form.is_valid():
        try:
            actions.reactivate(person.pk, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"The account of {person} is open again.")
            return redirect("view-person", person.pk)
    why_not = rules.why_not_reactivate(person)
    return render(
        request, "carequality/reactivate_person.html", {"form": form, "person": person, "why_not": why_not}
    )
