"""The pages that work without a network, and what they fetch and send. See docs/offline.md."""

import base64
import hashlib
from datetime import timedelta
from uuid import UUID

from django.contrib.staticfiles import finders
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.template import loader
from django.utils import timezone

from audits.actions import offline
from audits.models import Procedure, Visit, VisitStatus
from audits.views.bundle import bundle
from audits.views.work import RECORD
from core.permissions import Request, everyone, require_permission, signed_in
from documents import file_kinds

DAYS_AHEAD = 7
# What the pages need to be drawn without a network.
SHELL_FILES = [
    "vendor/govuk-frontend/govuk-frontend.min.css",
    "carequality.css",
    "audits.css",
    "carequality-icon.svg",
    "carequality-icon.png",
    "carequality-start.js",
    "offline/offline.css",
    # In the order in which each needs what stands above it.
    "offline/database.js",
    "offline/door.js",
    "offline/store.js",
    "offline/server.js",
    "offline/sender.js",
    "offline/elements.js",
    "offline/words.js",
    "offline/merging.js",
    "offline/dialog.js",
    "offline/kept-bar.js",
    "offline/unsaved.js",
    "offline/held.js",
    "offline/outcome.js",
    "offline/editor.js",
    "offline/answer.js",
    "offline/containers.js",
    "offline/file-kinds.js",
    "offline/photograph.js",
    "offline/files.js",
    "offline/risk.js",
    "offline/notes.js",
    "offline/feedback.js",
    "offline/question.js",
    "offline/question-map.js",
    "offline/working-page.js",
    "offline/leaving.js",
    "offline/closed.js",
    "offline/visit-list.js",
    "offline/page.js",
]


def _shell() -> str:
    context = {
        "file_kinds": file_kinds.listed(),
        "styles": [name for name in SHELL_FILES if name.endswith(".css")],
        "scripts": [
            name for name in SHELL_FILES if name.startswith("offline/") and name.endswith(".js")
        ],
    }
    return loader.render_to_string("audits/offline/shell.html", context)


def release() -> str:
    """Changes with whatever the shell is made of, so that a device takes the new one and drops the
    old.
    """
    digest = hashlib.sha256(_shell().encode())
    for name in SHELL_FILES:
        path = finders.find(name)
        if isinstance(path, str):
            with open(path, "rb") as file:  # noqa: PTH123 - a path from the finders
                digest.update(file.read())
    return digest.hexdigest()[:16]


@everyone
def service_worker(request: HttpRequest) -> HttpResponse:
    context = {"files": SHELL_FILES, "release": release()}
    text = loader.render_to_string("audits/offline/sw.js", context)
    return HttpResponse(text, content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@everyone
def offline_visits(request: HttpRequest) -> HttpResponse:
    """The shell: the same for everyone, without a name or a token in it, since a device keeps
    it.
    """
    return HttpResponse(_shell(), headers={"Cache-Control": "no-cache"})


@signed_in
def offline_session(request: Request) -> JsonResponse:
    """Who is signed in, a fresh token to send with, the person's key, and how long and how it opens
    without a network. Asked for before anything is sent.

    Whoever has lost the right to record visits still gets the key of what they wrote: it is theirs
    to read, copy and delete, and nothing more of any visit comes with it.
    """
    person = request.user
    may_send = person.has_perms(RECORD)
    key = offline.key_of(person) if may_send else offline.held_key_of(person)
    procedure = Procedure.current()
    return JsonResponse(
        {
            "person": person.pk,
            "name": str(person),
            "csrf": get_token(request),
            "key": base64.b64encode(key or b"").decode(),
            "may_send": may_send,
            "hours": procedure.offline_hours,
            "passphrase": procedure.offline_passphrase,
            # A device whose clock is wrong is told so, and not that its visits have gone.
            "now": int(timezone.now().timestamp() * 1000),
        }
    )


@require_permission(*RECORD)
def offline_bundles(request: Request) -> JsonResponse:
    """The person's visits that are begun, have slipped or come in the next days."""
    today = timezone.localdate()
    mine = (
        Visit.objects.waiting()
        .filter(officer=request.user)
        .filter(
            Q(status=VisitStatus.IN_PROGRESS)
            | Q(planned_for__lte=today + timedelta(days=DAYS_AHEAD))
        )
        .select_related("service", "template", "officer")
        .order_by("planned_for", "pk")
    )
    return JsonResponse({"visits": [bundle(visit, request.user, today) for visit in mine]})


@require_permission(*RECORD)
def offline_bundle(request: Request, visit_id: int) -> JsonResponse:
    visits = Visit.objects.select_related("service", "template", "officer")
    visit = get_object_or_404(visits, pk=visit_id)
    return JsonResponse(bundle(visit, request.user, timezone.localdate()))


STATUSES = {"stored": 200, "conflict": 409, "key_reused": 409, "refused": 422}


@require_permission(*RECORD)
def receive_offline(request: Request, visit_id: int) -> HttpResponse:
    """One thing that a device kept while there was no network."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    get_object_or_404(Visit, pk=visit_id)
    if request.POST.get("person") != str(request.user.pk):
        # Somebody else has signed in since: what is on the device waits for whose it is.
        return JsonResponse({"state": "another_person"}, status=400)
    file = request.FILES.get("file")
    if file is not None and (file.size or 0) > file_kinds.LARGEST:
        reason = file_kinds.refusal("too_large").message
        return JsonResponse({"state": "refused", "reason": reason}, status=422)
    try:
        sent = offline.Sent(
            visit_id=visit_id,
            key=UUID(request.POST.get("key", "")),
            body=request.POST.get("body", "").encode(),
            file=file.read() if file else b"",
            file_name=(file.name or "") if file else "",
        )
        got = offline.receive(sent, by=request.user, now=timezone.now(), today=timezone.localdate())
    except ValueError as fault:
        return JsonResponse({"state": "malformed", "reason": str(fault)}, status=400)
    answer = {
        "state": got.state,
        "version": got.version,
        "reason": got.reason,
        "theirs": got.theirs,
    }
    return JsonResponse(answer, status=STATUSES[got.state])
