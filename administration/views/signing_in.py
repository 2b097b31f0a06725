import math
import re
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from administration.actions import people
from administration.forms.signing_in import PasswordChangeForm, SignInForm
from core import events
from core.guessing import browsers
from core.guessing.rules import TooManyWrong
from core.middleware import LAST_PERSON_COOKIE
from core.models import Counted
from core.next_page import next_page
from core.permissions import Request, everyone, signed_in


class SignInView(auth_views.LoginView):
    template_name = "administration/sign_in.html"
    authentication_form = SignInForm

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not request.user.is_authenticated:
            return super().dispatch(request, *args, **kwargs)
        if request.method == "POST":
            say_who_is_signed_in(request)
        return redirect(self.get_success_url())

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        return next_page(request or self.request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        goes_on = self.get_redirect_url() not in ("", "/")
        return super().get_context_data(goes_on=goes_on, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        if not isinstance(form.refusal, TooManyWrong):
            return super().form_invalid(form)
        known = form.refusal.counted == Counted.BROWSER
        context = self.get_context_data(form=form, must_wait=True, in_known_browser=known)
        response = self.render_to_response(context, status=429)
        response["Retry-After"] = str(math.ceil(form.refusal.wait.total_seconds()))
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        # A sign-in that cannot be recorded does not take place.
        with transaction.atomic():
            response = super().form_valid(form)
            person = form.get_user()
            known = bool(browsers.known_as(self.request, person))
            events.record("person.signed_in", by=person, about=person, after={"known": known})
        # Who it was outlives the session, so that a form sent after its end is offered to that
        # person alone (`KeepTypedMiddleware`). Signed, since it decides who sees what was typed.
        response.set_signed_cookie(
            LAST_PERSON_COOKIE,
            str(self.request.user.pk),
            max_age=7 * 24 * 60 * 60,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
        browsers.remember(self.request, response, person)
        return response


def say_who_is_signed_in(request: HttpRequest) -> None:
    """For whoever sends the sign-in page while somebody is signed in: two share the browser, or one
    has it open twice. Nobody goes on as another without noticing.
    """
    messages.warning(
        request,
        f"You are signed in as {request.user}. To sign in as someone else, sign out first.",
    )


class SignOutView(auth_views.LogoutView):
    def post(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().post(request, *args, **kwargs)
        # Whoever signs out leaves nothing of theirs to the next person at this browser.
        response.delete_cookie(LAST_PERSON_COOKIE, samesite="Lax")
        return response


class PasswordChangeView(auth_views.PasswordChangeView):
    template_name = "administration/change_password.html"
    form_class = PasswordChangeForm
    success_url = "/"

    def form_valid(self, form: Any) -> HttpResponse:
        # The new password and the end of the temporary one are kept together, or the person would
        # have to change it twice.
        with transaction.atomic():
            response = super().form_valid(form)
            people.own_password_changed(by=form.user)
        messages.success(self.request, "Your password has been changed.")
        return response


sign_in = everyone(SignInView.as_view())
sign_out = signed_in(SignOutView.as_view())
change_password = signed_in(PasswordChangeView.as_view())


@signed_in
@require_POST
def read_account_news(request: Request) -> HttpResponse:
    """Put away what stood on every page about the person's account."""
    told = request.POST.get("wrong_passwords", "")
    people.read_account_news(
        by=request.user, wrong_passwords=int(told) if re.fullmatch("[0-9]{1,9}", told) else 0
    )
    return redirect(next_page(request) or "home")


@signed_in
def send_typed(request: Request) -> HttpResponse:
    """Offer again what was sent after the session had ended, to whom it belongs; one press sends it
    to where it was going.
    """
    typed = request.session.get("typed")
    # Another person's words are not shown to whoever signs in here next, and are thrown away.
    if typed is None or typed["person"] != str(request.user.pk):
        request.session.pop("typed", None)
        return redirect("home")
    if request.method == "POST":
        del request.session["typed"]
        if "drop" in request.GET:
            messages.success(request, "What you typed has been deleted.")
            return redirect("home")
        # 307: the browser sends the same form there.
        return HttpResponse(status=307, headers={"Location": typed["path"]})
    texts = [value for _, values in typed["fields"] for value in values if len(value) > 15]
    return render(request, "administration/send_typed.html", {"typed": typed, "texts": texts})


@signed_in
def home(request: Request) -> HttpResponse:
    return redirect("oversight:today")
