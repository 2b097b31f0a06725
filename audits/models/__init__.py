from audits.models.annotations import services_with_audits
from audits.models.bands import Band, BandRule
from audits.models.breaches import Breach, Regulation
from audits.models.corrections import Reopening
from audits.models.evidence import (
    Attachment,
    EvidenceSource,
    FeedbackSheet,
    ImmediateRisk,
    LooseNote,
    RiskContact,
)
from audits.models.offline import DeviceKey, LateEvidence, LateKind, Receipt
from audits.models.plans import Action, ActionFile, ActionStatus, Finding
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
    ProgrammeEntry,
    ProgrammeEntryStatus,
    ReviewMeeting,
    Topic,
    year_days,
    year_in_words,
    year_of,
)
from audits.models.reports import NEEDS_PLAN, AuditReport, ProviderComment, ReportStatus
from audits.models.templates import (
    SCORED_KINDS,
    AnswerKind,
    Question,
    Standard,
    Template,
    TemplateSection,
    TemplateStatus,
)
from audits.models.visits import Answer, Visit, VisitKind, VisitOutcome, VisitStatus

__all__ = [
    "NEEDS_PLAN",
    "SCORED_KINDS",
    "Action",
    "ActionFile",
    "ActionStatus",
    "Answer",
    "AnswerKind",
    "Attachment",
    "AuditReport",
    "AwardCategory",
    "Band",
    "BandRule",
    "Breach",
    "CalendarFeed",
    "Capacity",
    "DeviceKey",
    "Enrolment",
    "EvidenceSource",
    "FeedbackSheet",
    "Finding",
    "GoodPractice",
    "ImmediateRisk",
    "LateEvidence",
    "LateKind",
    "LeadRole",
    "LooseNote",
    "Nomination",
    "NominationResult",
    "Procedure",
    "ProgrammeEntry",
    "ProgrammeEntryStatus",
    "ProviderComment",
    "Question",
    "Receipt",
    "Regulation",
    "Reopening",
    "ReportStatus",
    "ReviewMeeting",
    "RiskContact",
    "Standard",
    "Support",
    "Template",
    "TemplateSection",
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
