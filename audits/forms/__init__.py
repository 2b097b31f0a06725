from audits.forms.answers import AnswersForm
from audits.forms.plans import AgreeForm, CloseActionForm, FindingForm, VerifyForm
from audits.forms.templates import (
    ImportForm,
    PublishForm,
    QuestionForm,
    SectionForm,
    StandardForm,
    TemplateForm,
)
from audits.forms.visits import BeginForm, CancelForm, ChangePlanForm, CompleteForm, PlanForm

__all__ = [
    "AgreeForm",
    "AnswersForm",
    "BeginForm",
    "CancelForm",
    "ChangePlanForm",
    "CloseActionForm",
    "CompleteForm",
    "FindingForm",
    "ImportForm",
    "PlanForm",
    "PublishForm",
    "QuestionForm",
    "SectionForm",
    "StandardForm",
    "TemplateForm",
    "VerifyForm",
]
