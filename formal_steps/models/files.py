from django.db import models

from documents.models import AbstractAttachment
from formal_steps.models.steps import FormalStep


class StepFile(AbstractAttachment):
    """A photograph or a document of a formal step's record."""

    step = models.ForeignKey(FormalStep, models.PROTECT, related_name="files")
