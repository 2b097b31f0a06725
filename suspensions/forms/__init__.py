from suspensions.forms.deciding import ConfirmForm, DecideForm
from suspensions.forms.evidence import CorrectionForm, DecideChangeForm, ExtensionForm, ScopeForm
from suspensions.forms.fairness import (
    AnswerForm,
    AnswerReviewForm,
    AskReviewForm,
    ConsideredForm,
    HearingForm,
)
from suspensions.forms.figures import AsAtForm, BetweenForm
from suspensions.forms.ladder import (
    CloseFormalForm,
    DecideFormalForm,
    MoreTimeForm,
    NoStepForm,
    ProposeFormalForm,
    ReviewFormalForm,
    WithdrawFormalForm,
)
from suspensions.forms.lifting import DecideLiftForm, ProposeLiftForm
from suspensions.forms.monitoring import LeadForm, NameForm, ProgressForm, ReviewForm
from suspensions.forms.people import MeetingForm, PeopleForm, WelfareForm
from suspensions.forms.pieces import DecisionForm, ReasonForm, in_two_weeks
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
    SureForm,
    WithdrawChangeForm,
)
from suspensions.forms.telling import PartyForm, TellRestForm, ToldForm

__all__ = [
    "AnswerForm",
    "AnswerReviewForm",
    "AsAtForm",
    "AskReviewForm",
    "BetweenForm",
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
    "WithdrawFormalForm",
    "in_two_weeks",
]
