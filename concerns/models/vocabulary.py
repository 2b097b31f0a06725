"""The words of concerns: their kinds, risks, states and outcomes."""

from django.db import models


class ConcernKind(models.TextChoices):
    COMPLAINT = "complaint", "Complaint"
    QUALITY = "quality", "Quality concern"
    WHISTLE_BLOWING = "whistle_blowing", "Whistle-blowing"
    UNEXPECTED_DEATH = "unexpected_death", "Unexpected death"
    NOTIFICATION = "notification", "Provider’s notification"
    SAFEGUARDING = "safeguarding", "Safeguarding concern"


class ConcernSource(models.TextChoices):
    FAMILY = "family", "Relative or friend"
    PERSON = "person", "Person who uses the service"
    PUBLIC = "public", "Member of the public"
    STAFF = "staff", "Member of the service’s staff"
    PROVIDER = "provider", "The provider"
    SOCIAL_WORK = "social_work", "Social worker or care manager"
    HEALTH = "health", "Health professional"
    COUNCIL = "council", "Council officer or visit"
    CQC = "cqc", "Care Quality Commission"
    ICB = "icb", "Integrated care board"
    HEALTHWATCH = "healthwatch", "Healthwatch"
    ANONYMOUS = "anonymous", "Anonymous"
    OTHER = "other", "Someone else"


class ConcernRisk(models.TextChoices):
    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"
    VERY_HIGH = "very_high", "Very high"


class Abuse(models.TextChoices):
    """The ten kinds of abuse and neglect that the Care Act's statutory guidance names (chapter 14,
    paragraph 14.17).
    """

    PHYSICAL = "physical", "Physical"
    DOMESTIC = "domestic", "Domestic"
    SEXUAL = "sexual", "Sexual"
    PSYCHOLOGICAL = "psychological", "Psychological"
    FINANCIAL = "financial", "Financial or material"
    MODERN_SLAVERY = "modern_slavery", "Modern slavery"
    DISCRIMINATORY = "discriminatory", "Discriminatory"
    ORGANISATIONAL = "organisational", "Organisational"
    NEGLECT = "neglect", "Neglect and acts of omission"
    SELF_NEGLECT = "self_neglect", "Self-neglect"


class AbuseBy(models.TextChoices):
    """Who is said to have caused the harm: by their part, never by name."""

    STAFF = "staff", "Member of the service’s staff"
    MANAGER = "manager", "Manager or owner of the service"
    PERSON = "person", "Another person who uses the service"
    FAMILY = "family", "Relative or friend"
    PROFESSIONAL = "professional", "Other professional"
    SELF = "self", "The person themselves"
    UNKNOWN = "unknown", "Someone else, or not known"


class Section42(models.TextChoices):
    """Where a safeguarding concern stands under section 42 of the Care Act 2014."""

    # A state of its own: a concern is recorded before anyone has decided whether an enquiry is
    # required, and cannot be closed until somebody has.
    UNDECIDED = "undecided", "Not yet decided"
    NOT_REQUIRED = "not_required", "No enquiry required"
    OPEN = "open", "Enquiry open"
    CONCLUDED = "concluded", "Enquiry concluded"


class ConcernOutcome(models.TextChoices):
    SUBSTANTIATED = "substantiated", "Substantiated"
    PARTLY = "partly", "Partly substantiated"
    NOT_SUBSTANTIATED = "not_substantiated", "Not substantiated"
    INCONCLUSIVE = "inconclusive", "Inconclusive"


class ConcernStatus(models.TextChoices):
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"
    # A duplicate: its words stand with the concern that it was merged into, which alone counts.
    MERGED = "merged", "Merged"


# What counts as high wherever the product asks for attention: bands, prompts and Today.
HIGH_RISKS = (ConcernRisk.HIGH, ConcernRisk.VERY_HIGH)


class ContactKind(models.TextChoices):
    CALL = "call", "Telephone call"
    EMAIL = "email", "Email"
    MEETING = "meeting", "Meeting"


class ContactWith(models.TextChoices):
    SERVICE = "service", "The service’s manager or staff"
    PROVIDER = "provider", "The provider"
    FAMILY = "family", "Relatives or people who use the service"
    SOCIAL_WORK = "social_work", "Social work team"
    CQC = "cqc", "Care Quality Commission"
    ICB = "icb", "Integrated care board"
    OTHER = "other", "Someone else"
