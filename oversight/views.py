from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from audits.models import Visit
from core import today as todays
from core.permissions import Request, require_permission, signed_in
from oversight.annotations import services_seen
from oversight.brief import visit_brief
from oversight.filters import ServiceFilter, columns
from oversight.list_page import ServicesPage
from oversight.service_page import service_page
from oversight.visible_sections import VisibleSections


@signed_in
def today(request: Request) -> HttpResponse:
    day = timezone.localdate()
    cards = todays.cards(request.user, day)
    context = {
        "today": day,
        "waiting": sorted((card for card in cards if card.items), key=lambda card: not card.urgent),
        "quiet": [card for card in cards if not card.items],
    }
    return render(request, "oversight/today.html", context)


@require_permission("providers.view_service")
def list_services(request: Request) -> HttpResponseBase:
    day = timezone.localdate()
    sections = VisibleSections.of(request.user)
    page = ServicesPage(
        request,
        ServiceFilter(
            request.GET, queryset=services_seen(sections, day), sections=sections, day=day
        ),
        columns(sections, day),
        default_sort="name",
        export_name="services",
        noun=("service", "services"),
    )
    has_portfolio = request.user.portfolio.exists()
    # The day of a rating is in the files only: the page shows its age.
    shown = [column.key for column in page.columns if column.key != "rated_on"]
    context = {
        "page": page,
        "sections": sections,
        "shown": " ".join(shown),
        "today": day,
        "has_portfolio": has_portfolio,
    }
    return page.export() or render(request, "oversight/list_services.html", context)


@require_permission("providers.view_service")
def view_service(request: Request, service_id: int) -> HttpResponse:
    day = timezone.localdate()
    seen = services_seen(VisibleSections.of(request.user), day)
    service = get_object_or_404(seen, pk=service_id)
    context = {"page": service_page(service, request.user, day), "service": service, "today": day}
    return render(request, "oversight/view_service.html", context)


@require_permission("audits.view_visit", "core.read_exempt")
def view_brief(request: Request, visit_id: int) -> HttpResponse:
    """Everything known of the service, on one page, before the visit."""
    visit = get_object_or_404(Visit.objects.select_related("service", "officer"), pk=visit_id)
    day = timezone.localdate()
    brief = visit_brief(visit, request.user, day)
    return render(
        request, "oversight/view_brief.html", {"visit": visit, "brief": brief, "today": day}
    )
