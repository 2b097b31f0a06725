"""Where a text that is being typed seems to name a person, for the marks below it."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from concerns import names
from concerns.views.shared import READ
from core.permissions import Request, require_permission

# Longer than any text that the forms take.
LONGEST = 20_000


@require_permission(*READ)
@require_POST
def mark_names(request: Request) -> HttpResponse:
    """The text's parts, each with whether it is marked. Nothing of it is kept."""
    text = request.POST.get("text", "")[:LONGEST]
    return JsonResponse({"parts": names.parts_of(text, names.known_in(text))})
