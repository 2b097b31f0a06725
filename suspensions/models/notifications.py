"""Who has to be notified of a suspension, its changes and its lift, and the letters about it."""

from django.db import models
from django.db.models import Q

from core.dates import day_in_words
from notifications.models import (
    TO_BE_SENT,
    AbstractLetter,
    AbstractRecipient,
    NotificationKind,
    RecipientKind,
    letter_constraints,
)
from suspensions.models.changing import Change
from suspensions.models.suspension import Suspension

# Notified at once of an urgent suspension: those who would otherwise place someone tonight, and
# CQC. The rest are notified when it is confirmed, or when the day for that is half over.
AT_ONCE = (RecipientKind.OWN_TEAM, RecipientKind.AUTHORITY, RecipientKind.CQC)


class Recipient(AbstractRecipient):
    """Someone who has to be notified of a suspension, of a change of it, or of its lift."""

    suspension = models.ForeignKey(Suspension, models.PROTECT, related_name="recipients")
    # Empty but for the notification of a change.
    change = models.ForeignKey(
        Change,
        models.PROTECT,
        null=True,
        related_name="recipients",
        help_text="The change that they are notified of",
    )

    class Meta:
        default_permissions = ()
        ordering = ["notification", "pk"]
        constraints = [
            # Nulls count as equal: most have no change, and would otherwise be listed any number of
            # times. `list_recipients` leaves it to this to keep each once.
            models.UniqueConstraint(
                fields=["suspension", "notification", "change", "kind", "name"],
                nulls_distinct=False,
                name="recipient_once",
            ),
            # Nobody is both notified and closed as not to be notified.
            models.CheckConstraint(
                condition=Q(notified_at=None) | ~Q(how="") & Q(closed_reason=""),
                name="recipient_notified_says_how",
            ),
        ]

    @property
    def state(self) -> str:
        """As of every recipient; of one who waits for the confirmation, by when the email goes."""
        state = super().state
        held_back = self.kind not in AT_ONCE and self.notification == NotificationKind.SUSPENSION
        due_on = self.suspension.confirm_due_on
        if state == TO_BE_SENT and held_back and self.suspension.is_unconfirmed and due_on:
            return f"{TO_BE_SENT} by noon on {day_in_words(due_on)}"
        return state


class SuspensionLetter(AbstractLetter):
    """A letter about a suspension: to one of its recipients, or the answer to a review."""

    suspension = models.ForeignKey(Suspension, models.PROTECT, related_name="letters")
    # The answer to a review is to the provider that asked, and on no list of recipients.
    recipient = models.ForeignKey(Recipient, models.PROTECT, null=True, related_name="letters")

    class Meta:
        default_permissions = ()
        ordering = ["-asked_at", "-pk"]
        constraints = letter_constraints("suspension")
