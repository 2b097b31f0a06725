"""Addresses for a pattern that no link leads to: the first and the last object of the model that
the argument is named after.
"""

from typing import Any

from django.apps import apps
from django.urls import reverse

from snapshot.places import PageAddress, Pattern

# Where the argument is named after no model: the model's, or the word itself for an argument that
# is a word.
MEANS = {"person": "user", "part": "section", "under": "template", "pk": "paper"}
MEANS_IN = {
    ("reports:take-back-section", "pk"): "section",
    ("reports:release-name", "pk"): "scanhit",
}
WORDS = {"kind": "section"}


def guessed(pattern: Pattern) -> list[PageAddress]:
    """Places of the pattern; none where nothing is held that fits its arguments."""
    if pattern.name == "audits:calendar-feed":
        return [PageAddress(pattern.name, reverse(pattern.name, args=[_calendar_token()]))]
    found = set()
    for order in ("pk", "-pk"):
        arguments = {
            name: _argument(pattern.name, name, kind, order) for name, kind in pattern.converters
        }
        if None not in arguments.values():
            found.add(PageAddress(pattern.name, reverse(pattern.name, kwargs=arguments)))
    return sorted(found)


def _argument(pattern: str, name: str, kind: str, order: str) -> Any:
    if kind not in ("int", "uuid"):
        return WORDS.get(name)
    word = name.removesuffix("_id").replace("_", "")
    wanted = MEANS_IN.get((pattern, name)) or MEANS.get(word, word)
    app = pattern.partition(":")[0]
    models = [model for model in apps.get_models() if str(model._meta.model_name).endswith(wanted)]
    models = [model for model in models if model._meta.app_label == app] or models
    # The whole name before the end of a longer one.
    for model in sorted(models, key=lambda m: (m._meta.model_name != wanted, m._meta.label)):
        first = model._default_manager.order_by(order).values_list("pk", flat=True).first()
        if first is not None:
            return first
    return None


def _calendar_token() -> str:
    """The secret address of a calendar is shown once and not kept, so one is made."""
    from django.utils import timezone

    from audits.actions import programme
    from core.models import User

    return programme.make_feed(by=User.objects.get(username="officer"), now=timezone.now())
