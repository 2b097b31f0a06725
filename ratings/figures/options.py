"""What a comparison may be asked besides its day: of which authority, as known when."""

from typing import Any

from django import forms

from core.models import Comparator, RegionAuthority
from documents.folding import name_key
from figures.options import KnownOptions, SpanOptions


class AuthorityOptions(KnownOptions):
    """Also another authority: one of the region's, or of the similar councils."""

    authority = forms.ChoiceField(label="Local authority", required=False)
    field_order = ["authority", "since", "as_at", "known_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region = RegionAuthority.objects.order_by().values_list("name", flat=True)
        names = set(region.union(Comparator.objects.order_by().values_list("name", flat=True)))
        own = self.council.short_name if self.council else ""
        others = sorted(names - {own}, key=name_key)
        self.offer("authority", [("", own or "None"), *((name, name) for name in others)])


class AuthoritySpanOptions(SpanOptions, AuthorityOptions):
    """Both: another authority, over a span of days."""
