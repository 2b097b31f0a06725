from suspensions.forms.changing import (
    CorrectionForm,
    DecideChangeForm,
    ExtensionForm,
    ScopeForm,
    WithdrawChangeForm,
)
from suspensions.forms.deciding import ConfirmForm, DecideForm
from suspensions.forms.fairness import (
    AnswerForm,
    AnswerReviewForm,
    AskReviewForm,
    ConsideredForm,
    HearingForm,
)
from suspensions.forms.ladder import (
    CloseFormalForm,
    DecideFormalForm,
    MoreTimeForm,
    NoStepForm,
    ProposeFormalForm,
    ReviewFormalForm,
)
from suspensions.forms.lifting import DecideLiftForm, ProposeLiftForm
from suspensions.forms.monitoring import ExemptNameForm, LeadForm, NameForm, ProgressForm, ReviewForm
from suspensions.forms.people import MeetingForm, PeopleForm, WelfareForm
from suspensions.forms.pieces import DecisionForm, ReasonForm, SureForm, in_two_weeks
from suspensions.forms.proposing import (
    ChooseServiceForm,
    CompleteRecordForm,
    ProposeForm,
    RecordForm,
    SuspendNowForm,
)
from suspensions.forms.standing import (
    CloseContactForm,
    ContactForm,
    CoverForm,
    EndCoverForm,
    MessageForm,
    PolicyForm,
)
from suspensions.forms.telling import PartyForm, TellRestForm, ToldForm

__all__ = [
    "AnswerForm",
    "AnswerReviewForm",
    "AskReviewForm",
    "ChooseServiceForm",
    "CloseContactForm",
    "CloseFormalForm",
    "CompleteRecordForm",
    "ConfirmForm",
    "ConsideredForm",
    "ContactForm",
    "CorrectionForm",
    "CoverForm",
    "DecideChangeForm",
    "DecideForm",
    "DecideFormalForm",
    "DecideLiftForm",
    "DecisionForm",
    "EndCoverForm",
    "ExemptNameForm",
    "ExtensionForm",
    "HearingForm",
    "LeadForm",
    "MeetingForm",
    "MessageForm",
    "MoreTimeForm",
    "NameForm",
    "NoStepForm",
    "PartyForm",
    "PeopleForm",
    "PolicyForm",
    "ProgressForm",
    "ProposeForm",
    "ProposeFormalForm",
    "ProposeLiftForm",
    "ReasonForm",
    "RecordForm",
    "ReviewForm",
    "ReviewFormalForm",
    "ScopeForm",
    "SureForm",
    "SuspendNowForm",
    "TellRestForm",
    "ToldForm",
    "WelfareForm",
    "WithdrawChangeForm",
    "in_two_weeks",
]
