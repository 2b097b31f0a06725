"""While a suspension is in force, and its end."""

from datetime import date, timedelta

from audits.actions import plans
from audits.models import Action, AuditReport, ReportStatus, Visit, VisitKind
from concerns import actions as concerns
from core.events import happening_at
from core.inputs import DecisionInput
from demo.record import at
from demo.suspensions.roles import Roles, as_read, everyone_notified
from demo.visits import completed
from suspensions.actions import lifting, monitoring
from suspensions.actions.lifting import DecideLiftInput, LiftInput
from suspensions.actions.monitoring import ProgressInput, ReviewInput
from suspensions.models import Criterion, ProgressKind, Suspension
from suspensions.rules.lifting import CriterionAnswer

NOT_TO_BE = ("refused", "withdrawn", "ended_unconfirmed")


class Monitoring:
    """One script from the decision on."""

    def __init__(self, roles: Roles, suspension: Suspension, actions: list[Action]) -> None:
        self.roles, self.suspension, self.actions = roles, suspension, actions
        self.context, self.script, self.service = roles.context, roles.script, roles.service
        self.one, self.other, self.senior, self.officer = (
            roles.one,
            roles.other,
            roles.senior,
            roles.officer,
        )
        self.rng = roles.rng

    def record(self) -> None:
        if self.script.ends in NOT_TO_BE:
            # The improvement plan goes on without a suspension.
            self._actions_done()
            self._close_concerns(max(self.script.began - 60, 1))
            return
        self._while_in_force()
        if self.script.lift_refused:
            self._lift_refused()
        if self.script.ends in ("lift_proposed", "lifted"):
            self._lift()

    def _while_in_force(self) -> None:
        script = self.script
        began = self.context.today - timedelta(script.began)
        last = script.began - script.lasted if script.ends == "lifted" else 0
        notes = (
            (
                6,
                ProgressKind.WELFARE,
                "All who live there were seen. Extra checks go on for four people.",
            ),
            (
                11,
                ProgressKind.RESIDENTS,
                (
                    "Meeting with 14 relatives. They asked for weekly news, which the provider"
                    " promised."
                ),
            ),
            (
                20,
                ProgressKind.STRATEGY,
                "Strategy meeting with CQC, the ICB and safeguarding: weekly visits go on.",
            ),
            (
                34,
                ProgressKind.PROVIDER,
                "The provider reports on its plan and asks for a visit next month.",
            ),
            (
                48,
                ProgressKind.EVIDENCE,
                "Records of four weeks received and read: steady progress.",
            ),
        )
        for after, kind, text in notes:
            if script.began - after > last:
                day = began + timedelta(after)
                now = at(day, 16)
                with happening_at(now):
                    monitoring.add_progress(
                        self.suspension.pk,
                        by=self.officer,
                        given=ProgressInput(kind=kind, text=text, happened_on=day),
                        now=now,
                    )
        self._reviews(began, last)
        self._actions_done()

    def _reviews(self, began: date, last: int) -> None:
        """Every four weeks; where it goes on, the next is due as the script says."""
        ends_on = self.context.today - timedelta(last)
        day = began + timedelta(14)
        while day < ends_on:
            following = day + timedelta(28)
            is_last = following >= ends_on
            if is_last and not last:
                following = max(
                    self.context.today + timedelta(self.script.review_in), day + timedelta(1)
                )
            with happening_at(at(day, 12)):
                monitoring.record_review(
                    self.suspension.pk,
                    by=self.senior,
                    given=ReviewInput(
                        done_on=day,
                        outcome=(
                            "The suspension goes on: improvement has begun and is not yet"
                            " sustained."
                        ),
                        next_on=following,
                    ),
                    now=at(day, 12),
                )
            if is_last:
                break
            day = following

    def _actions_done(self) -> None:
        """While it is in force the first is verified, the second done and the third open; else all
        are verified.
        """
        all_done = self.script.ends != "in_force"
        for order, (action, fault) in enumerate(
            zip(self.actions, self.script.theme.faults, strict=True)
        ):
            done_on = action.agreed_on + timedelta(18 + 9 * order)
            verified_on = done_on + timedelta(6)
            if not all_done and (order == 2 or verified_on >= self.context.today):
                continue
            with happening_at(at(done_on, 12)):
                plans.close_action(
                    action.pk,
                    by=self.officer,
                    given=plans.CloseActionInput(closed_on=done_on, evidence=fault.shown_by),
                    today=done_on,
                )
            if all_done or order == 0:
                plans.verify_action(
                    action.pk,
                    by=self.senior,
                    given=plans.VerificationInput(accepted=True, how="Seen at the service."),
                    now=at(verified_on, 15),
                )

    # The end

    def _lift(self) -> None:
        script = self.script
        lifted = script.ends == "lifted"
        proposed = script.began - script.lasted + 2 if lifted else 2
        visit = completed.hold(
            self.context,
            self.service,
            self.officer,
            self.context.day(proposed + 6),
            # Nothing is left that a second person would hold back: the lift rests on it.
            quality=1.0,
            rng=self.rng,
            kind=VisitKind.FOLLOW_UP,
        )
        self._moderated(visit)
        self._close_concerns(proposed + 4)
        day = self.context.day(proposed)
        lifting.propose_lift(
            self.suspension.pk,
            by=self.one,
            given=LiftInput(
                reason="Every action is verified, and the last visit found what was promised.",
                answers=self._answers(day),
            ),
            now=at(day, 11),
        )
        if lifted:
            lifted_at = at(self.context.day(script.began - script.lasted), 14)
            lifted_at = max(lifted_at, at(day, 15))
            self.suspension = lifting.lift(
                self.suspension.pk,
                by=self.other,
                given=DecideLiftInput(
                    reason=(
                        "The improvement is real and has lasted. Monitoring goes on for three"
                        " months."
                    ),
                    seen=as_read(self.suspension),
                ),
                now=lifted_at,
            )
            everyone_notified(self.roles, self.suspension, lifted_at.date())
            self._after()

    def _moderated(self, visit: Visit) -> None:
        """The draft stands: the way of its report to the end is told with those of all audits."""
        AuditReport.objects.filter(visit=visit).update(
            status=ReportStatus.TO_SEND,
            moderated_at=at(visit.day + timedelta(2), 11),
            moderated_by=self.senior,
            moderated_outcome=visit.outcome,
        )

    def _lift_refused(self) -> None:
        """A lift was proposed too early, and the other manager said so."""
        day = self.context.day(40)
        early = CriterionAnswer(
            False, override_reason="What remains is a matter of weeks and not of safety."
        )
        lifting.propose_lift(
            self.suspension.pk,
            by=self.one,
            given=LiftInput(
                reason="The provider has done most of what was agreed and asks for a decision.",
                answers={
                    **self._answers(day),
                    Criterion.ACTIONS_VERIFIED: early,
                    Criterion.VISIT_AFTER: early,
                },
            ),
            now=at(day, 11),
        )
        lifting.refuse_lift(
            self.suspension.pk,
            by=self.other,
            given=DecisionInput(
                reason=(
                    "The plan is not finished and nobody has visited since. Propose it again after"
                    " the visit."
                ),
                seen=as_read(self.suspension),
            ),
            now=at(day, 16),
        )

    def _answers(self, day: date) -> dict[Criterion, CriterionAnswer]:
        agency = CriterionAnswer(
            True, "Agency use is below a twentieth of hours; no borrowed managers."
        )
        if self.script.overrides:
            reason = (
                "One consultant stays for a month to hand over; the work no longer rests on her."
            )
            agency = CriterionAnswer(False, override_reason=reason)
        return {
            # Asked for only where the follow-up visit had no sheet of questions to score.
            Criterion.VISIT_AFTER: CriterionAnswer(
                False,
                override_reason="The follow-up visit found what was promised; it is not scored.",
            ),
            Criterion.MANAGER_IN_POST: CriterionAnswer(
                True, "A permanent manager is in post and registered with CQC."
            ),
            Criterion.NO_RELIANCE: agency,
            Criterion.CQC_VIEW: CriterionAnswer(True, "CQC's inspector agrees, by e-mail."),
            Criterion.ICB_VIEW: CriterionAnswer(
                True, "The ICB's quality team came to the visit and agrees."
            ),
            Criterion.MEDICINES_SAFE: CriterionAnswer(
                True, "Four weeks of records read with the ICB’s pharmacist: no gap."
            ),
            Criterion.STAFF_ENOUGH: CriterionAnswer(
                True, "Rotas of four weeks: every shift at the number that is needed."
            ),
            Criterion.ENQUIRIES_CLOSED: CriterionAnswer(
                True, "Both enquiries have ended and their advice is followed."
            ),
            Criterion.PROVIDER_HEARD: CriterionAnswer(
                True, "The provider set out its improvements at a meeting."
            ),
            Criterion.MONITORING_PLAN: CriterionAnswer(
                True,
                "Monthly visits for three months, then a review.",
                review_on=day + timedelta(90),
            ),
        }

    def _close_concerns(self, days_ago: int) -> None:
        closed_at = at(self.context.day(days_ago), 12)
        for concern in self.service.concerns.filter(status="open").order_by("pk"):
            if concern.section_42 == "open":
                with happening_at(closed_at):
                    concerns.record_enquiry(
                        concern.pk,
                        by=self.officer,
                        given=concerns.EnquiryInput(
                            section_42="concluded", outcome="substantiated"
                        ),
                        now=closed_at,
                    )
            concerns.close(
                concern.pk,
                by=self.officer,
                given=concerns.CloseInput(
                    outcome="substantiated", done="Put right under the action plan."
                ),
                now=closed_at,
            )

    def _after(self) -> None:
        due_on = self.suspension.review_on
        if due_on and due_on < self.context.today - timedelta(5):
            with happening_at(at(due_on, 12)):
                monitoring.record_review(
                    self.suspension.pk,
                    by=self.senior,
                    given=ReviewInput(
                        done_on=due_on,
                        outcome=(
                            "The improvement has held. Monitoring goes back to the yearly audit."
                        ),
                        next_on=None,
                    ),
                    now=at(due_on, 12),
                )
