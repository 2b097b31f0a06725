from formal_steps.models.policy import Policy
from formal_steps.models.representations import (
    AbstractRepresentation,
    AbstractReviewRequest,
    ReviewOutcome,
    StepLetter,
    StepRepresentation,
    StepReviewRequest,
    representation_constraints,
    review_request_constraints,
)
from formal_steps.models.steps import (
    TERMINATIONS,
    FormalStep,
    FormalStepOutcome,
    FormalStepStatus,
    StepEvent,
    StepEventKind,
    StepNotTaken,
    StepReview,
    StepType,
)

__all__ = [
    "TERMINATIONS",
    "AbstractRepresentation",
    "AbstractReviewRequest",
    "FormalStep",
    "FormalStepOutcome",
    "FormalStepStatus",
    "Policy",
    "ReviewOutcome",
    "StepEvent",
    "StepEventKind",
    "StepLetter",
    "StepNotTaken",
    "StepRepresentation",
    "StepReview",
    "StepReviewRequest",
    "StepType",
    "representation_constraints",
    "review_request_constraints",
]
