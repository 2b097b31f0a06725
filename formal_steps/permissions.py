"""What the pages and actions of formal steps ask for. What they hold is exempt matter: whoever
reads it has both rights.
"""

# Two rights: the first says that formal steps are this person's work, the second that they may read
# what Schedule 12A of the Local Government Act 1972 keeps from publication.
SEE = ("formal_steps.view_formalstep", "core.read_exempt")
PROPOSE = "formal_steps.propose_formal_step"
DECIDE = "formal_steps.decide_formal_step"
RECORD = "formal_steps.record_formal_step"
