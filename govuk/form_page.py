"""The one way from a form to an action: bind it, call the action with what the form gives, and show
by its field why not.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from core.versions import StaleVersion
from core.workflow import NotAllowed
from govuk.seen_forms import SeenFormMixin

F = TypeVar("F", bound=forms.BaseForm)
Said = str | Callable[[Any], str]


def bind(request: HttpRequest, form_class: Callable[..., F], **kwargs: Any) -> F:
    """The form with what was sent (an empty answer too), or unbound when the page is only asked
    for.
    """
    sent = request.method == "POST"
    return form_class(request.POST if sent else None, request.FILES if sent else None, **kwargs)


def show_not_allowed(form: forms.BaseForm, refusal: NotAllowed) -> None:
    """Put the sentence by its field, or at the head of the form when it is about none of them."""
    # A rule may name a field that this page does not ask; its sentence must be seen all the same.
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, ValidationError(refusal.message, code=refusal.code))
    if isinstance(refusal, StaleVersion) and isinstance(form, SeenFormMixin):
        form.show_meanwhile(refusal)


def form_page(
    request: HttpRequest,
    form: Any,
    act: Callable[[Any], Any],
    *,
    template: str,
    done: Said,
    url: Said,
    cancel_url: str = "",
    why_not: NotAllowed | None = None,
    **context: Any,
) -> HttpResponse:
    """Show a form, and on a good answer act on it and go to `url`.

    `act` gets what `form.to_input()` makes and calls the action; `done` is said and `url` followed
    when it has succeeded, each a text or a function of what the action returned. `NotAllowed` is
    shown by its field with all that was typed kept, and takes back all that was written for this
    answer. `why_not`: the page says why the step cannot be taken at all.
    """
    back = cancel_url or (url if isinstance(url, str) else "")
    form.cancel_url = back
    # Nothing that is typed could change this refusal, so the action is not called.
    if request.method == "POST" and why_not:
        show_not_allowed(form, why_not)
    elif request.method == "POST" and form.is_valid():
        try:
            # Around the action's own transaction, since one answer may call for more than one
            # action: a refusal takes all of it back.
            with transaction.atomic():
                result = act(form.to_input())
        except NotAllowed as refusal:
            show_not_allowed(form, refusal)
        else:
            return _done(request, result, done, url)
    return render(
        request, template, {"form": form, "why_not": why_not, "back_url": back, **context}
    )


def post_action(
    request: HttpRequest, act: Callable[[], Any], *, done: Said, url: Said, back: str = ""
) -> HttpResponse:
    """A button without a form: act, say what came of it, and go to `url` (to `back` when it was
    refused).
    """
    try:
        with transaction.atomic():
            result = act()
    except NotAllowed as refusal:
        messages.error(request, refusal.message)
        return redirect(back or (url if isinstance(url, str) else "/"))
    return _done(request, result, done, url)


def _done(request: HttpRequest, result: Any, done: Said, url: Said) -> HttpResponse:
    if said := done if isinstance(done, str) else done(result):
        # Said on the next page: the answer leads away, so that reloading does not send it again.
        messages.success(request, said)
    return redirect(url if isinstance(url, str) else url(result))
