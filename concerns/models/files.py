"""What came with a concern."""

from django.db import models

from concerns.models.concern import Concern
from documents.models import AbstractAttachment


class ConcernFile(AbstractAttachment):
    """A letter, a message or a photograph that belongs to a concern."""

    concern = models.ForeignKey(Concern, models.PROTECT, related_name="files")
