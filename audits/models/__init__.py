from audits.models.bands import Band, BandRule
from audits.models.breaches import Breach, Regulation
from audits.models.corrections import Reopening
from audits.models.evidence import (
    Attachment,
    AttachmentContent,
    AttachmentKind,
    FeedbackSheet,
    ImmediateRisk,
    LooseNote,
    RiskContact,
    Source,
)
from audits.models.offline import DeviceKey, Receipt
from audits.models.pictures import services_with_audits
from audits.models.plans import Action, ActionStatus, Finding
from audits.models.practice import (
    AwardCategory,
    Enrolment,
    GoodPractice,
    Nomination,
    NominationResult,
    Support,
)
from audits.models.procedure import Procedure
from audits.models.programme import (
    CalendarFeed,
    Capacity,
    LeadRole,
    Place,
    PlaceStatus,
    ReviewMeeting,
    Topic,
    year_days,
    year_in_words,
    year_of,
)
from audits.models.reports import NEEDS_PLAN, Report, ReportStage, Representation
from audits.models.templates import (
    SCORED_KINDS,
    AnswerKind,
    Question,
    Section,
    Standard,
    Template,
    TemplateStatus,
)
from audits.models.visits import Answer, Visit, VisitKind, VisitOutcome, VisitStatus

__all__ = [
    "NEEDS_PLAN",
    "SCORED_KINDS",
    "Action",
    "ActionStatus",
    "Answer",
    "AnswerKind",
    "Attachment",
    "AttachmentContent",
    "AttachmentKind",
    "AwardCategory",
    "Band",
    "BandRule",
    "Breach",
    "CalendarFeed",
    "Capacity",
    "DeviceKey",
    "Enrolment",
    "FeedbackSheet",
    "Finding",
    "GoodPractice",
    "ImmediateRisk",
    "LeadRole",
    "LooseNote",
    "Nomination",
    "NominationResult",
    "Place",
    "PlaceStatus",
    "Procedure",
    "Question",
    "Receipt",
    "Regulation",
    "Reopening",
    "Report",
    "ReportStage",
    "Representation",
    "ReviewMeeting",
    "RiskContact",
    "Section",
    "Source",
    "Standard",
    "Support",
    "Template",
    "TemplateStatus",
    "Topic",
    "Visit",
    "VisitKind",
    "VisitOutcome",
    "VisitStatus",
    "services_with_audits",
    "year_days",
    "year_in_words",
    "year_of",
]
