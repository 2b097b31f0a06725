from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from audits import calendar
from audits.actions import programme
from audits.models import CalendarFeed
from audits.views.work import READ, RECORD
from core.permissions import Request, everyone, require_permission
from govuk.form_page import post_action


@require_permission(*RECORD)
def my_calendar(request: Request) -> HttpResponse:
    feed = CalendarFeed.objects.filter(officer=request.user, revoked_at=None).first()
    return render(request, "audits/my_calendar.html", {"feed": feed})


@require_permission(*RECORD)
@require_POST
def make_calendar(request: Request) -> HttpResponse:
    token = programme.make_feed(by=request.user, now=timezone.now())
    # Shown this once: only its hash is kept.
    url = request.build_absolute_uri(reverse("audits:calendar-feed", args=[token]))
    feed = CalendarFeed.objects.filter(officer=request.user, revoked_at=None).first()
    return render(request, "audits/my_calendar.html", {"feed": feed, "url": url})


@require_permission(*RECORD)
@require_POST
def revoke_calendar(request: Request) -> HttpResponse:
    return post_action(
        request,
        lambda: programme.revoke_feed(by=request.user, now=timezone.now()),
        done=lambda ended: (
            "Your calendar address has ended. Remove it from your calendar."
            if ended
            else "You had no calendar address to end."
        ),
        url=reverse("audits:my-calendar"),
    )


@everyone
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """A calendar program cannot sign in: the secret address is the permission, as long as its
    officer still may see visits.
    """
    feed = (
        CalendarFeed.objects.filter(token_hash=programme.hash_of(token), revoked_at=None)
        .select_related("officer")
        .first()
    )
    if feed is None or not feed.officer.is_active or not feed.officer.has_perms(READ):
        raise Http404
    text = calendar.feed(feed.officer, timezone.localdate(), timezone.now())
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="visits.ics"'
    response["X-Robots-Tag"] = "noindex"
    return response
