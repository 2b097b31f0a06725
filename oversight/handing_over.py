"""Pages of the team's late work, and of what goes from one person to another."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from administration.actions import handing_over as actions
from core.models import User
from core.permissions import Request, require_permission
from core.work import WORK, held_by, late_on
from core.workflow import NotAllowed
from govuk.form_fields import people_able
from govuk.form_page import bind, form_page
from oversight.forms import HandAllOverForm, HandOverForm
from oversight.today import HAND_OVER, hand_over_url, since_in_words, with_work_left


@require_permission(*HAND_OVER)
def list_late_work(request: Request) -> HttpResponse:
    """All that is late of the team's work: who has it, and since when."""
    today = timezone.localdate()
    kinds = [
        (kind, [(piece, since_in_words(piece), hand_over_url(piece)) for piece in kind.pieces])
        for kind in late_on(today, request.user)
    ]
    people = people_able("audits.record_visit")
    context = {"kinds": kinds, "left": with_work_left(today), "people": people}
    return render(request, "oversight/list_late_work.html", context)


@require_permission(*HAND_OVER)
def view_work(request: Request, person_id: int) -> HttpResponse:
    """What one person has in hand, and its handing over to another."""
    person = get_object_or_404(User, pk=person_id)
    held = held_by(person, timezone.localdate())
    return form_page(
        request,
        bind(request, HandAllOverForm, held=held, person=person),
        lambda given: actions.hand_all_over(
            person.pk, by=request.user, given=given, now=timezone.now()
        ),
        template="oversight/view_work.html",
        done=lambda went: (
            f"Handed over: {', '.join(WORK[name].count_in_words(n) for name, n in went.items())}."
        ),
        url=reverse("oversight:view-work", args=[person.pk]),
        cancel_url=reverse("oversight:list-late-work"),
        person=person,
        held=[(kind, [(piece, hand_over_url(piece)) for piece in kind.pieces]) for kind in held],
        why_not=None
        if any(kind.work.handing_over for kind in held)
        else NotAllowed("nothing-held", f"{person} has nothing in hand that is handed over here."),
    )


@require_permission(*HAND_OVER)
def hand_over(request: Request, work: str, pk: int) -> HttpResponse:
    """One piece of work goes to another person."""
    way = WORK[work].handing_over if work in WORK else None
    if way is None:
        raise Http404
    held = get_object_or_404(way.model, pk=pk)
    holder_id = way.holder(held)
    return form_page(
        request,
        bind(request, HandOverForm, may_hold=way.may_hold, held_by=holder_id),
        lambda given: actions.hand_over(work, pk, by=request.user, given=given, now=timezone.now()),
        template="oversight/hand_over.html",
        done=lambda made: f"{made.to_person} has this now. We are telling them by email.",
        url=reverse("oversight:list-late-work"),
        about=held,
        kind=WORK[work],
        holder=User.objects.filter(pk=holder_id).first() if holder_id else None,
    )
