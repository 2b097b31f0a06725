from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render

from administration.actions import people
from administration.forms.signing_in import PasswordChangeForm, SignInForm
from core import events
from core.middleware import LAST_PERSON_COOKIE
from core.permissions import Request, everyone, signed_in


class SignInView(auth_views.LoginView):
    template_name = "administration/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        goes_on = self.request.GET.get("next", "/") not in ("", "/")
        return super().get_context_data(goes_on=goes_on, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        # A sign-in that cannot be recorded does not take place.
        with transaction.atomic():
            response = super().form_valid(form)
            person = form.get_user()
            events.record("person.signed_in", by=person, about=person)
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
        return response


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
