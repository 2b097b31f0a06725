from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from core.dates import day_in_words
from core.models.keys import Keyed, KeyField


class ExemptParagraph(models.IntegerChoices):
    """The descriptions of exempt information of Part 1 of Schedule 12A, Local Government Act 1972
    (as it stands for England).

    The value is the paragraph's number, `statute` its words; the label is short, for a choice.
    """

    statute: str

    def __new__(cls, number: int, statute: str = "") -> Self:
        paragraph = int.__new__(cls, number)
        paragraph._value_ = number
        paragraph.statute = statute
        return paragraph

    INDIVIDUAL = (
        1,
        "Information relating to any individual.",
        "1: information relating to any individual",
    )
    IDENTITY = (
        2,
        "Information which is likely to reveal the identity of an individual.",
        "2: information likely to reveal the identity of an individual",
    )
    FINANCIAL = (
        3,
        (
            "Information relating to the financial or business affairs of any particular person"
            " (including the authority holding that information)."
        ),
        "3: information about the financial or business affairs of any particular person",
    )
    LABOUR = (
        4,
        (
            "Information relating to any consultations or negotiations, or contemplated"
            " consultations or negotiations, in connection with any labour relations matter arising"
            " between the authority or a Minister of the Crown and employees of, or office holders"
            " under, the authority."
        ),
        "4: consultations or negotiations on labour relations",
    )
    PRIVILEGE = (
        5,
        (
            "Information in respect of which a claim to legal professional privilege could be"
            " maintained in legal proceedings."
        ),
        "5: legal professional privilege",
    )
    NOTICE = (
        6,
        (
            "Information which reveals that the authority proposes— (a) to give under any enactment"
            " a notice under or by virtue of which requirements are imposed on a person; or (b) to"
            " make an order or direction under any enactment."
        ),
        "6: a notice, order or direction that the council proposes",
    )
    CRIME = (
        7,
        (
            "Information relating to any action taken or to be taken in connection with the"
            " prevention, investigation or prosecution of crime."
        ),
        "7: the prevention, investigation or prosecution of crime",
    )

    @property
    def in_a_sentence(self) -> str:
        """The statute's words as they stand within a sentence: without the capital and the full
        stop.
        """
        return f"{self.statute[0].lower()}{self.statute[1:].rstrip('.')}"


class CouncilProfile(models.Model):
    """The council that uses this copy: one row. Its papers, pages and comparisons speak in its
    name.
    """

    name = models.CharField(
        max_length=100,
        help_text="As it stands at the head of a paper, for example Exampleshire County Council",
    )
    short_name = models.CharField(
        max_length=60, help_text="As CQC spells the authority, for example Exampleshire"
    )
    is_fictitious = models.BooleanField(default=False, editable=False)
    committee_name = models.CharField("committee", max_length=150)
    team_name = models.CharField(
        "team", max_length=100, default="Quality and Market Management Team (QMMT)"
    )
    region_name = models.CharField("region", max_length=60)
    report_of = models.CharField(
        "report of",
        max_length=150,
        help_text=(
            "The post whose report it is, for example Corporate Director, Adult Social Care and"
            " Health"
        ),
    )
    signatory_name = models.CharField("name of that officer", max_length=100)
    contact_name = models.CharField(max_length=100)
    contact_title = models.CharField(max_length=150)
    contact_department = models.CharField(max_length=150, blank=True)
    contact_phone = models.CharField("contact telephone", max_length=30)
    contact_email = models.EmailField()
    exempt_paragraph = models.PositiveSmallIntegerField(
        "usual exempt paragraph", choices=ExemptParagraph.choices, default=ExemptParagraph.FINANCIAL
    )
    exempt_reasoning = models.TextField(
        "usual public interest reasoning",
        help_text=(
            "Why the public interest in maintaining the exemption outweighs that in disclosing the"
            " information"
        ),
    )

    class Meta:
        default_permissions = ("change",)
        # One copy of the product serves one council.
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_council_profile")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> "CouncilProfile | None":
        """The profile, or None before `manage.py begin` or the demonstration has made one."""
        return cls.objects.filter(pk=1).first()


class District(Keyed):
    """A district (or borough) of the council's area; in home care contracts also a part of a
    zone.
    """

    name = models.CharField(max_length=60, unique=True)
    name_key = KeyField("name")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        default_permissions = ()
        ordering = ["order", "name_key"]

    def __str__(self) -> str:
        return self.name


class Locality(Keyed):
    """An area by which the team divides its work; it may cut a district or join several."""

    name = models.CharField(max_length=60, unique=True)
    name_key = KeyField("name")
    districts = models.ManyToManyField(District, blank=True, related_name="localities")

    class Meta:
        default_permissions = ()
        ordering = ["name_key"]
        verbose_name_plural = "localities"

    def __str__(self) -> str:
        return self.name


ALWAYS = date(1974, 4, 1)


class RegionAuthorityQuerySet(models.QuerySet["RegionAuthority"]):
    def members_on(self, day: date) -> Self:
        """The region's authorities as they were that day: reorganisation changes them
        (Northamptonshire, April 2021).
        """
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


class RegionAuthority(Keyed):
    """A social care authority of the council's region, spelt as CQC spells it, with the days of its
    membership.
    """

    name = models.CharField(max_length=60)
    name_key = KeyField("name")
    since = models.DateField(default=ALWAYS)
    until = models.DateField(
        null=True,
        blank=True,
        help_text="The first day on which it was no longer in the region; leave empty while it is",
    )

    objects = RegionAuthorityQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["name_key"]
        verbose_name_plural = "region authorities"
        # An authority that left the region and came back has a row for each time, so that
        # `members_on` answers for any past day.
        constraints = [
            models.UniqueConstraint(fields=["name", "since"], name="region_authority_once"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("since")),
                name="region_authority_until_after_since",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def membership_in_words(self) -> str:
        """From when or until when it belongs to the region; empty while nothing bounds it."""
        if self.until:
            return f"until {day_in_words(self.until)}"
        # The default stands for "always": local government has had its form since April 1974.
        return f"since {day_in_words(self.since)}" if self.since > ALWAYS else ""


class Comparator(Keyed):
    """A council of the family of similar councils (statistical neighbours)."""

    name = models.CharField(max_length=60, unique=True)
    name_key = KeyField("name")
    code = models.CharField("ONS code", max_length=9, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["name_key"]

    def __str__(self) -> str:
        return self.name
