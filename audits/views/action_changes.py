"""An action's files, and changes of what was agreed."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from audits.actions import action_changes, action_files
from audits.forms.plans import DecideWithdrawalForm, DueForm, OwnerForm, WithdrawActionForm
from audits.models import Action, ActionFile
from audits.rules.blocking import is_blocking
from audits.views.plans import CHANGE, VERIFY
from audits.views.work import READ
from core.permissions import Request, require_permission
from documents import downloads
from govuk.file_forms import WITHDRAWN, FileForm, WithdrawFileForm
from govuk.form_page import bind, form_page
from govuk.forms import GovForm


@require_permission(*CHANGE)
def add_action_file(request: Request, action_id: int) -> HttpResponse:
    action = get_object_or_404(Action.objects.select_related("service"), pk=action_id)
    return form_page(
        request,
        bind(request, FileForm),
        lambda given: action_files.attach_to_action(
            action_id, by=request.user, given=given, now=timezone.now()
        ),
        template="audits/add_file.html",
        title="Add a photograph or document",
        about=f"Action: {action.service}",
        done=lambda added: f"The {added.file.get_kind_display().lower()} has been added.",
        url=reverse("audits:view-action", args=[action_id]),
        action=action,
    )


@require_permission(*READ)
def download_action_file(request: Request, file_id: int) -> HttpResponse:
    """What shows that an action was done; or a photograph as it came where the copy differs."""
    found = get_object_or_404(ActionFile.objects.not_withdrawn(), pk=file_id)
    return downloads.asked(request, found.file)


@require_permission(*CHANGE)
def withdraw_action_file(request: Request, file_id: int) -> HttpResponse:
    found = get_object_or_404(ActionFile.objects.select_related("action__service"), pk=file_id)
    return form_page(
        request,
        bind(request, WithdrawFileForm),
        lambda given: action_files.withdraw_action_file(
            file_id, by=request.user, given=given, now=timezone.now()
        ),
        template="audits/withdraw_file.html",
        title=f"Withdraw “{found}”",
        about=f"Action: {found.action.service}",
        done=WITHDRAWN,
        url=reverse("audits:view-action", args=[found.action_id]),
    )


def _changed(
    request: Request,
    action: Action,
    form: GovForm,
    act: Callable[..., Action],
    title: str,
    done: Any,
    *intro: str,
) -> HttpResponse:
    return form_page(
        request,
        form,
        lambda given: act(action.pk, by=request.user, given=given, now=timezone.now()),
        template="audits/single_form.html",
        title=title,
        about=f"Action: {action.service}",
        intro=[action.text, *intro],
        done=done,
        url=reverse("audits:view-action", args=[action.pk]),
    )


def _action(action_id: int) -> Action:
    return get_object_or_404(Action.objects.select_related("service", "officer"), pk=action_id)


@require_permission(*CHANGE)
def change_action_due(request: Request, action_id: int) -> HttpResponse:
    action = _action(action_id)
    form = bind(request, DueForm, initial={"due_on": action.due_on})
    act, title = action_changes.change_due, "Change when the action is due"
    return _changed(request, action, form, act, title, "The date has been changed.")


@require_permission(*CHANGE)
def change_action_owner(request: Request, action_id: int) -> HttpResponse:
    action = _action(action_id)
    form = bind(request, OwnerForm)
    act, title = action_changes.change_owner, "Change the owner"
    now = f"Now: {action.owner_in_words}."
    return _changed(request, action, form, act, title, "The owner has been changed.", now)


@require_permission(*CHANGE)
def withdraw_action(request: Request, action_id: int) -> HttpResponse:
    action = _action(action_id)
    form = bind(request, WithdrawActionForm)
    more = (
        ["This action stands in the way of lifting a suspension, so someone else must agree."]
        if is_blocking(action)
        else []
    )
    return _changed(
        request,
        action,
        form,
        action_changes.withdraw_action,
        "Withdraw the action",
        lambda made: (
            "Action withdrawn." if made.is_withdrawn else "Asked. Someone else must now agree."
        ),
        *more,
    )


@require_permission(*VERIFY)
def decide_action_withdrawal(request: Request, action_id: int) -> HttpResponse:
    action = _action(action_id)
    form = bind(request, DecideWithdrawalForm)
    return _changed(
        request,
        action,
        form,
        action_changes.decide_withdrawal,
        "Decide the withdrawal",
        lambda made: "Action withdrawn." if made.is_withdrawn else "Refused. The action stands.",
        f"The reason given: {action.withdrawal_reason}",
    )
