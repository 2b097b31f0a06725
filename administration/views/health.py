from django.http import HttpRequest, HttpResponse, JsonResponse

from core.jobs import showing
from core.permissions import everyone
from core.readiness import CHECKS


@everyone
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; says nothing of what it depends on."""
    return JsonResponse({"ok": True})


@everyone
def readyz(request: HttpRequest) -> HttpResponse:
    """503 only when the product cannot serve: without its database. What else is not as it should
    be is said in the body: a sentence for each check, and how many jobs of each kind were given up.
    """
    checks = {name: CHECKS[name]() for name in CHECKS.names()}
    ready = not checks["database"]
    # Counted by the database, so only while there is one.
    not_done = showing.counts() if ready else {}
    body = {
        "ready": ready,
        "well": not any(checks.values()) and not not_done,
        "checks": {name: why or "ok" for name, why in checks.items()},
        "not_done": not_done,
    }
    return JsonResponse(body, status=200 if ready else 503)
