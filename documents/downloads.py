"""Handing out a file: under the name that it has, and never so that a browser would run it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from documents import file_kinds
from documents.exports import attachment
from documents.models import OriginalState, Role, StoredFile

LATER = 409


def to_save(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file to save: whatever somebody has put into it, no browser may show or run it here."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = attachment(name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store"
    return response


def asked(request: HttpRequest, file: StoredFile) -> HttpResponse:
    """What `?original=1` or its absence asks of a file. Raises `Http404`, as both below do."""
    return send_original(request, file) if request.GET.get("original") else send(request, file)


def send(request: HttpRequest, file: StoredFile) -> HttpResponse:
    """What a file holds; a page that says why not while it waits for the scanner.

    Raises `Http404` when its contents are gone.
    """
    if file.destroyed_at is not None:
        raise Http404
    if not file.is_to_be_had:
        return _later(request, file)
    content = file.contents.get(role=Role.KEPT)
    return to_save(bytes(content.data), file.name, file.content_type)


def send_original(request: HttpRequest, file: StoredFile) -> HttpResponse:
    """A picture as it came, which is kept where its copy differs.

    Raises `Http404` where it is not kept.
    """
    if file.original != OriginalState.DIFFERS or file.destroyed_at is not None:
        raise Http404
    if not file.original_is_to_be_had:
        return _later(request, file)
    content = bytes(file.contents.get(role=Role.ORIGINAL).data)
    found = file_kinds.recognise(content, f"original of {file.name}")
    return to_save(content, found.name, found.content_type)


def _later(request: HttpRequest, file: StoredFile) -> HttpResponse:
    return render(request, "documents/not_yet.html", {"file": file}, status=LATER)
