"""The uploaded files on the disk, for as long as an import needs them."""

import hashlib
import uuid
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import transaction

from ratings.models import FileImport


def store(chunks: Iterable[bytes]) -> tuple[str, str, int]:
    """Write an upload to the disk; gives its name there, its SHA-256 and its size in bytes."""
    root = Path(settings.UPLOAD_ROOT)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    stored_as = f"{uuid.uuid4()}.upload"
    digest, size = hashlib.sha256(), 0
    try:
        with (root / stored_as).open("xb") as handle:
            # Nobody but the app's own user reads what was uploaded.
            (root / stored_as).chmod(0o600)
            for chunk in chunks:
                digest.update(chunk)
                size += handle.write(chunk)
    except BaseException:
        remove(stored_as)
        raise
    return stored_as, digest.hexdigest(), size


def forget(file_import: FileImport) -> None:
    """Remove the file of an import when that is committed: until then it may still be read."""
    stored_as, file_import.stored_as = file_import.stored_as, ""
    if stored_as:
        file_import.save(update_fields=["stored_as"])
        transaction.on_commit(lambda: remove(stored_as))


def remove(stored_as: str) -> None:
    """Remove a stored file; one that is gone already is no fault."""
    if stored_as:
        (Path(settings.UPLOAD_ROOT) / stored_as).unlink(missing_ok=True)
