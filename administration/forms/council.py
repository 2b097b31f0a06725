from typing import Any

from core.models import Comparator, CouncilProfile, District, Locality, RegionAuthority
from documents import dates
from govuk.forms import GovModelForm


class RowForm(GovModelForm):
    """A form whose answers are the columns of a row: the action sets each by its name, whatever
    they are.
    """

    def to_input(self, **more: Any) -> dict[str, Any]:
        """The answer of every field by its column.

        Raises `TypeError` for a field that no column has.
        """
        columns = set(self._meta.fields or ())
        if odd := set(self.fields) - columns:
            raise TypeError(
                f"{type(self).__name__} asks what no column holds: {', '.join(sorted(odd))}."
            )
        return self.cleaned_data | more


class CouncilProfileForm(RowForm):
    fieldsets = (
        ("The council", ["name", "short_name", "committee_name", "team_name", "region_name"]),
        ("Who the papers are from", ["report_of", "signatory_name"]),
        (
            "For enquiries about a paper",
            [
                "contact_name",
                "contact_title",
                "contact_department",
                "contact_phone",
                "contact_email",
            ],
        ),
        ("What is exempt from publication", ["exempt_paragraph", "exempt_reasoning"]),
    )
    as_select = ("exempt_paragraph",)

    class Meta:
        model = CouncilProfile
        fields = [
            "name",
            "short_name",
            "committee_name",
            "team_name",
            "region_name",
            "report_of",
            "signatory_name",
            "contact_name",
            "contact_title",
            "contact_department",
            "contact_phone",
            "contact_email",
            "exempt_paragraph",
            "exempt_reasoning",
        ]


class DistrictForm(RowForm):
    class Meta:
        model = District
        fields = ["name", "order"]
        help_texts = {"order": "Tables print the districts in this order, lowest first"}


class LocalityForm(RowForm):
    class Meta:
        model = Locality
        fields = ["name", "districts"]


class RegionAuthorityForm(RowForm):
    date_ranges = {"since": dates.LASTING, "until": dates.LASTING}

    class Meta:
        model = RegionAuthority
        fields = ["name", "since", "until"]
        labels = {
            "name": "Name, as CQC spells it",
            "since": "In the region since",
            "until": "Until",
        }


class ComparatorForm(RowForm):
    class Meta:
        model = Comparator
        fields = ["name", "code"]
        labels = {"name": "Name, as CQC spells it"}


COUNCIL_LISTS: dict[str, type[RowForm]] = {
    "districts": DistrictForm,
    "localities": LocalityForm,
    "region": RegionAuthorityForm,
    "comparators": ComparatorForm,
}
