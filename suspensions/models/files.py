from django.db import models

from documents.models import AbstractAttachment
from suspensions.models.suspension import Suspension


class SuspensionFile(AbstractAttachment):
    """A photograph or a document of a suspension's record: minutes, an answer, evidence."""

    suspension = models.ForeignKey(Suspension, models.PROTECT, related_name="files")
