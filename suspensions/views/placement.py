"""Whether people may be placed at a service, for those who place them."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from core.permissions import Request, require_permission
from providers import placement
from providers.models import Service
from suspensions.actions.placement import note_placement_read


@require_permission("suspensions.view_placement_status")
def view_placement_status(request: Request, service_id: int) -> HttpResponse:
    """Whether people may be placed there, without the reason. Reading it is recorded."""
    service = get_object_or_404(Service.objects.select_related("district"), pk=service_id)
    status = placement.status_of(service.pk, timezone.localdate())
    # Before the answer is shown, so that nobody reads it unrecorded.
    note_placement_read(service, by=request.user, status=status)
    return render(
        request,
        "suspensions/view_placement_status.html",
        {
            "service": service,
            "caption": f"{service}, {service.district}",
            "status": status,
            "answer": f"suspensions/view_placement_status/{status.answer.name.lower()}.html",
        },
    )
