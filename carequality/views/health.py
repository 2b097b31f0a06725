from django.http import HttpRequest, HttpResponse, JsonResponse

from carequality.permits import everyone
from core.readiness import CHECKS


@everyone
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; says nothing of what it depends on."""
    return JsonResponse({"ok": True})


@everyone
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether all that the product depends on answers: 200, or 503 with a sentence for each check that fails."""
    checks = {name: CHECKS[name]() for name in CHECKS.names()}
    ready = not any(checks.values())
    body = {"ready": ready, "checks": {name: why or "ok" for name, why in checks.items()}}
    return JsonResponse(body, status=200 if ready else 503)
