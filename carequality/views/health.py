from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import import_string

from carequality.permits import everyone


@everyone
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; says nothing of what it depends on."""
    return JsonResponse({"ok": True})


@everyone
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether all that the product depends on answers: 200, or 503 with a sentence for each check that fails."""
    checks = {path.rsplit(".", 1)[-1]: import_string(path)() for path in settings.READINESS_CHECKS}
    ready = not any(checks.values())
    body = {"ready": ready, "checks": {name: why or "ok" for name, why in checks.items()}}
    return JsonResponse(body, status=200 if ready else 503)
