from django import forms

from carequality.govuk.forms import GovFormMixin, GovModelForm
from carequality.models import Comparator, CouncilProfile, District, Locality, RegionAuthority


class CouncilProfileForm(GovFormMixin, forms.ModelForm):
    fieldsets = (
        ("The council", ["name", "short_name", "committee_name", "team_name", "region_name"]),
        ("Whose report its papers are", ["report_of", "signatory_name"]),
        (
            "For enquiries about a paper",
            ["contact_name", "contact_title", "contact_department", "contact_phone", "contact_email"],
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


class DistrictForm(GovModelForm):
    class Meta:
        model = District
        fields = ["name", "order"]
        help_texts = {"order": "Tables print the districts in this order, lowest first"}


class LocalityForm(GovModelForm):
    class Meta:
        model = Locality
        fields = ["name", "districts"]


class RegionAuthorityForm(GovModelForm):
    class Meta:
        model = RegionAuthority
        fields = ["name", "since", "until"]
        labels = {"name": "Name, as CQC spells it", "since": "In the region since", "until": "Until"}


class ComparatorForm(GovModelForm):
    class Meta:
        model = Comparator
        fields = ["name", "code"]
        labels = {"name": "Name, as CQC spells it"}


COUNCIL_LISTS: dict[str, type[GovModelForm]] = {
    "districts": DistrictForm,
    "localities": LocalityForm,
    "region": RegionAuthorityForm,
    "comparators": ComparatorForm,
}
