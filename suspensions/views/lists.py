from datetime import date, datetime
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from core import cover
from core.dates import age_in_words, datetime_in_words, day_in_words
from core.models import User
from core.permissions import Request, require_permission
from formal_steps.models import Policy
from formal_steps.rules import representations
from formal_steps.rules.versions import told
from govuk.lists import ListPage
from notifications.models import RecipientKind
from providers.models import Service
from suspensions.figures.papers import NONE_SUSPENDED, suspensions_in_force
from suspensions.filters import COLUMNS, SuspensionFilter, for_list
from suspensions.forms.proposing import FindServiceForm
from suspensions.models import Suspension
from suspensions.rules import lifting, record, steps, waiting
from suspensions.rules.notification import not_listed
from suspensions.views.steps import SEE, find, who_is_notified, who_lives_there
from suspensions.views.tasks import TASKS, what_can_be_done, who_can

MOST_FOUND = 20


@require_permission(*SEE)
def list_suspensions(request: Request) -> HttpResponseBase:
    found = SuspensionFilter(request.GET, queryset=for_list())
    page = ListPage(
        request,
        found,
        COLUMNS,
        default_sort="status",
        export_name="suspensions",
        noun=("suspension", "suspensions"),
    )
    if file := page.export():
        return file
    today = timezone.localdate()
    day = (found.form.cleaned_data.get("as_at") if found.form.is_valid() else None) or today
    return render(
        request,
        "suspensions/list_suspensions.html",
        {
            "page": page,
            "today": today,
            "tab": "list",
            "figure": suspensions_in_force(day),
            "figure_heading": f"Table for committee papers, as at {day_in_words(day)}",
            "no_services": NONE_SUSPENDED,
            "overdue": Suspension.objects.overdue_confirmation(today).select_related(
                "service", "unit"
            ),
        },
    )


@require_permission(*SEE)
def view_suspension(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    today = timezone.localdate()
    shows_criteria = suspension.is_now_in_force and not suspension.is_unconfirmed
    return render(
        request,
        "suspensions/view_suspension.html",
        {
            "suspension": suspension,
            "today": today,
            "tasks": _tasks(request, suspension),
            "missing": steps.what_is_missing(suspension)
            if suspension.is_proposed or suspension.is_unconfirmed
            else [],
            "overdue": steps.is_overdue(suspension, today),
            "caption": "Suspension"
            if suspension.is_public_name
            else "Suspension, exempt: not for publication",
            "in_force": _in_force(suspension, today),
            "confirmation_heading": _confirmation_heading(suspension, today),
            "is_past_plan": suspension.is_now_in_force
            and suspension.planned_until is not None
            and suspension.planned_until <= today,
            "waiting": waiting.what_waits(suspension, list(suspension.changes.all()), today),
            "not_listed": _not_listed(suspension),
            "nobody_counted": suspension.is_now_in_force
            and not suspension.service.funded_people.exists(),
            "mark_name_url": _if_may(request, suspension, steps.DECIDE, "suspensions:mark-name"),
            "hand_over_url": _if_may(request, suspension, steps.PROPOSE, "suspensions:hand-over"),
            "record": _record(suspension),
            "told": told(suspension, record.in_words),
            "labels": record.LABELS,
            "decisions": suspension.decisions.select_related("by"),
            "recipients": suspension.recipients.select_related("notified_by"),
            "monitoring": _monitoring(suspension),
            "computed": lifting.computed_criteria(suspension, today).items()
            if shows_criteria
            else (),
            "criteria": lifting.recorded_criteria(suspension),
            "others": suspension.service.suspensions.exclude(pk=suspension.pk).select_related(
                "unit"
            ),
            **_beside(suspension, request.user),
            **(_urgent(suspension, today) if suspension.is_unconfirmed else {}),
            "again": steps.lifted_within_a_year(
                suspension, suspension.in_force_from or today, Policy.current()
            ),
        },
    )


def _in_force(suspension: Suspension, today: date) -> str:
    begun = suspension.in_force_from
    if begun is None:
        return ""
    if suspension.lifted_on is not None:
        return f"From {day_in_words(begun)} until {day_in_words(suspension.lifted_on)}"
    lasted = f" ({age_in_words(begun, today)})" if begun <= today else ""
    return f"From {day_in_words(begun)}{lasted}"


def _not_listed(suspension: Suspension) -> list[tuple[str, str]]:
    """The authorities with people there that are not notified, each with where it is added."""
    if not suspension.is_now_in_force:
        return []
    url = reverse("suspensions:add-recipient", args=[suspension.pk])
    found = not_listed([suspension]).get(suspension.pk, ())
    kind = RecipientKind.AUTHORITY.value
    return [
        (each.name, f"{url}?{urlencode({'kind': kind, 'name': each.name, 'email': each.email})}")
        for each in found
    ]


def _confirmation_heading(suspension: Suspension, today: date) -> str:
    if steps.is_overdue(suspension, today):
        return "Overdue: no other manager has confirmed this suspension"
    return "Another manager must confirm this suspension"


def _if_may(request: Request, suspension: Suspension, permission: str, name: str) -> str:
    """The address of what is asked of a suspension that has been decided; empty for whoever may
    not.
    """
    may = suspension.in_force_from is not None and request.user.has_perm(permission)
    return reverse(name, args=[suspension.pk]) if may else ""


def _tasks(request: Request, suspension: Suspension) -> list[dict[str, object]]:
    tasks: list[dict[str, object]] = []
    for task in what_can_be_done(suspension, request.user):
        label, name = TASKS[task.name]
        tasks.append(
            {
                "label": label,
                "url": reverse(name, args=[suspension.pk]),
                "why_not": task.why_not,
                "who": cover.names_with_cover(task.who, timezone.localdate()) if task.who else (),
            }
        )
    return tasks


def _urgent(suspension: Suspension, today: date) -> dict[str, object]:
    """What a manager looks for on the evening itself: who confirms, with cover, and who has been
    notified.
    """
    confirmers = cover.names_with_cover(who_can(suspension, "confirm"), today)
    return {"confirmers": confirmers, **who_is_notified(suspension)}


def _beside(suspension: Suspension, user: User) -> dict[str, object]:
    """What is kept beside the record: changes, corrections, fairness, people, meetings, alerts,
    letters.
    """
    changes = list(
        suspension.changes.select_related("unit", "before_unit", "proposed_by", "decided_by")
    )
    return {
        "changes": changes,
        "change_to_decide": next((each for each in changes if each.is_waiting), None)
        if suspension.is_now_in_force
        else None,
        "corrections": suspension.corrections.select_related("by"),
        "representations": suspension.representations.select_related("considered_by"),
        "unfair": representations.unfair(suspension),
        "reviews_asked": suspension.review_requests.select_related("reviewer"),
        **who_lives_there(suspension.service),
        "checks": suspension.welfare_checks.select_related("by"),
        "meetings": suspension.meetings_held.all(),
        "alerts": suspension.alerts.all(),
        "letters": suspension.letters.defer("content"),
        "files": suspension.files.select_related("withdrawn_by"),
        "still_open": suspension.is_lifted and suspension.recipients.waiting().exists(),
        "records": user.has_perm(steps.RECORD),
    }


def _record(suspension: Suspension) -> list[tuple[str, object]]:
    contracts = ", ".join(str(contract) for contract in suspension.contracts.all())
    concerns = ", ".join(str(concern) for concern in suspension.concerns.all())
    return [
        ("Reason in one sentence", suspension.summary),
        ("Mainly about", suspension.get_ground_display()),
        ("Reasons", suspension.reasons),
        ("Evidence", suspension.evidence),
        ("Concerns that led to it", concerns),
        (
            "What the provider was told",
            _with_time(suspension.provider_notified_at, suspension.provider_notified),
        ),
        ("What the provider answered", suspension.provider_answer),
        ("Welfare of the people living there", suspension.welfare),
        ("Meetings with residents and families", suspension.meetings),
        ("Contracts", contracts),
        ("Weeks without a new high-risk concern before a lift", suspension.quiet_weeks),
    ]


def _with_time(at: datetime | None, text: str) -> str:
    return "\n".join(filter(None, [datetime_in_words(at) if at else "", text]))


def _monitoring(suspension: Suspension) -> list[dict[str, object]]:
    """Progress and reviews in one order, the latest first."""
    found: list[tuple[date, int, dict[str, object]]] = []
    for note in suspension.progress.select_related("by"):
        title = note.get_kind_display()
        found.append(
            (note.happened_on, note.pk, {"title": title, "by": note.by, "text": note.text})
        )
    for review in suspension.reviews.select_related("by"):
        line = {
            "title": "Review",
            "by": review.by,
            "text": review.outcome,
            "next_on": review.next_on,
        }
        found.append((review.done_on, review.pk, line))
    found.sort(key=lambda entry: entry[:2], reverse=True)
    return [{"day": day, **line} for day, _pk, line in found]


def _choose(
    request: Request,
    template: str,
    name: str,
    heading: str,
    back: str = "suspensions:list-suspensions",
    *,
    closed: bool = False,
) -> HttpResponse:
    """Find the service that a task is about, then go on to the task: `?service=` leads straight
    there. `closed`: closed services are found too.

    A search and no list to choose from: a council has thousands of services.
    """
    if (pk := request.GET.get("service", "")).isascii() and pk.isdigit() and len(pk) < 10:
        return redirect(name, int(pk))
    form = FindServiceForm(request.GET if "q" in request.GET else None)
    found: list[Service] = []
    if form.is_bound and form.is_valid():
        services = Service.objects.named_like(form.cleaned_data["q"])
        if not closed:
            services = services.open_on(timezone.localdate())
        found = list(services.select_related("district", "provider")[: MOST_FOUND + 1])
    context = {
        "form": form,
        "heading": heading,
        "back_url": reverse(back),
        "found": found[:MOST_FOUND],
        "more": len(found) > MOST_FOUND,
        "searched": form.is_bound and form.is_valid(),
        "task": name,
        "today": timezone.localdate(),
    }
    return render(request, template, context)


@require_permission(*SEE, "suspensions.propose_suspension")
def propose_suspension(request: Request) -> HttpResponse:
    return _choose(
        request,
        "suspensions/choose_to_propose.html",
        "suspensions:propose-for-service",
        "Propose a suspension",
    )


@require_permission(*SEE, "suspensions.propose_suspension")
def suspend_now(request: Request) -> HttpResponse:
    return _choose(
        request,
        "suspensions/choose_to_suspend.html",
        "suspensions:suspend-service-now",
        "Suspend now",
    )


@require_permission("suspensions.view_placement_status")
def find_placement_status(request: Request) -> HttpResponse:
    return _choose(
        request,
        "suspensions/find_placement_status.html",
        "suspensions:view-placement-status",
        "Can people be placed there?",
        back="home",
        closed=True,
    )
