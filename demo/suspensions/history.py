"""From the first concern to the decision."""

from dataclasses import replace
from datetime import date, timedelta

from audits.actions import plans
from audits.models import Action, VisitKind
from concerns import actions as concerns
from core.events import happening_at
from core.inputs import DecisionInput, ReasonInput
from demo import texts
from demo.record import at
from demo.suspensions.monitoring import Monitoring
from demo.suspensions.roles import Roles, as_read, everyone_notified
from demo.visits import completed as made_visits
from notifications.models import RecipientKind
from suspensions.actions import deciding
from suspensions.actions import record as record_actions
from suspensions.actions.deciding import ConfirmInput, DecideInput, ProposalInput, UrgentInput
from suspensions.actions.record import ProposalRecord, RecipientInput
from suspensions.models import Suspension, SuspensionGround

# What each theme is mainly about: the checklist of a lift follows from it.
GROUNDS = {
    texts.STAFFING: SuspensionGround.STAFFING,
    texts.MEDICINES: SuspensionGround.MEDICINES,
    texts.LEADERSHIP: SuspensionGround.LEADERSHIP,
    texts.CARE: SuspensionGround.CARE,
    texts.CALLS: SuspensionGround.STAFFING,
    texts.MONEY: SuspensionGround.SAFEGUARDING,
}


class SuspensionHistory:
    """One script up to the decision, and who was told of it."""

    def __init__(self, roles: Roles) -> None:
        self.roles = roles
        self.context, self.script, self.service = roles.context, roles.script, roles.service
        self.one, self.other, self.senior, self.officer = (
            roles.one,
            roles.other,
            roles.senior,
            roles.officer,
        )
        self.rng = roles.rng
        self.actions: list[Action] = []

    def record(self) -> None:
        script = self.script
        if script.began > 20:
            self._the_year_before()
        concern_ids = self._concerns()
        if script.ends != "unconfirmed":
            self._the_visit_that_found_it(concern_ids[0])
        suspension = self._suspend(concern_ids)
        if script.ends not in ("proposed", "unconfirmed"):
            Monitoring(self.roles, suspension, self.actions).record()
        if script.ends != "lifted" or script.began - script.lasted < 300:
            made_visits.plan_next(self.context, self.service, self.officer, self.rng)

    # Before

    def _the_year_before(self) -> None:
        made_visits.hold(
            self.context,
            self.service,
            self.officer,
            self.context.day(self.script.began + 330),
            quality=0.72,
            rng=self.rng,
        )

    def _concerns(self) -> tuple[int, ...]:
        theme, first = self.script.theme, self.script.began + 18
        made = []
        for days_ago, risk, source, kind in (
            (first, "medium", "family", "quality"),
            (first - 9, "high", "health", "safeguarding"),
        ):
            received_at = at(self.context.day(days_ago), 11, 20)
            concern = concerns.record_concern(
                by=self.officer,
                given=concerns.ConcernInput(
                    service_id=self.service.pk,
                    kind=kind,
                    source=source,
                    risk=risk,
                    received_at=received_at,
                    summary=theme.concern,
                    abuse="neglect" if kind == "safeguarding" else "",
                    section_42="open" if kind == "safeguarding" else "",
                    allocated_to_id=self.officer.pk,
                ),
                now=received_at + timedelta(minutes=25),
            )
            answered_at = received_at + timedelta(hours=4)
            concerns.respond(
                concern.pk,
                by=self.officer,
                given=concerns.RespondInput(at=answered_at, done=theme.answer_to_concern),
                now=answered_at,
            )
            made.append(concern.pk)
        return tuple(made)

    def _the_visit_that_found_it(self, concern_id: int) -> None:
        visit = made_visits.hold(
            self.context,
            self.service,
            self.officer,
            self.context.day(self.script.began + 3),
            quality=0.3,
            rng=self.rng,
            kind=VisitKind.JOINT,
            who_came="A pharmacist of the ICB and an officer of the ICB's quality team",
            prompted_by_id=concern_id,
        )
        day = self.context.day(self.script.began + 2)
        for weeks, fault in zip((4, 6, 10), self.script.theme.faults, strict=True):
            with happening_at(at(day, 15)):
                finding = plans.add_finding(
                    visit.pk,
                    by=self.officer,
                    given=plans.FindingInput(fault.found),
                    now=at(day, 15),
                )
                action = plans.agree_action(
                    by=self.officer,
                    service=self.service,
                    given=plans.ActionInput(
                        text=fault.action,
                        due_on=day + timedelta(weeks=weeks),
                        owner_name="Registered manager",
                    ),
                    today=day,
                    finding=finding,
                )
            self.actions.append(action)

    # The decision

    def _suspend(self, concern_ids: tuple[int, ...]) -> Suspension:
        script = self.script
        unit = self.service.units.first() if script.of_a_unit else None
        unit_id = unit.pk if unit else None
        if script.is_urgent:
            return self._suspend_urgently(concern_ids, unit_id)
        proposed_on = self.context.day(script.began + (1 if script.ends != "proposed" else 0))
        proposed_at = at(proposed_on, 15, 30)
        suspension = deciding.propose(
            self.service.pk,
            by=self.one,
            given=ProposalInput(
                kind=script.kind,
                limit=script.limit,
                unit_id=unit_id,
                record=self._record(concern_ids, proposed_on),
                recipients=tuple(self._recipients()),
            ),
            now=proposed_at,
        )
        match script.ends:
            case "proposed":
                return self._more_evidence(suspension, concern_ids, proposed_on)
            case "refused":
                return deciding.refuse(
                    suspension.pk,
                    by=self.other,
                    given=DecisionInput(
                        reason=(
                            "The provider moved three staff in within a day. A default notice and"
                            " weekly visits will do."
                        ),
                        seen=as_read(suspension),
                    ),
                    now=proposed_at + timedelta(hours=20),
                )
            case "withdrawn":
                return deciding.withdraw(
                    suspension.pk,
                    by=self.one,
                    given=ReasonInput(
                        reason="The provider itself takes nobody new while it puts this right."
                    ),
                    now=proposed_at + timedelta(hours=2),
                )
        decided_on = self.context.day(script.began)
        decided_at = max(at(decided_on, 10, 45), proposed_at + timedelta(minutes=50))
        suspension = deciding.decide(
            suspension.pk,
            by=self.other,
            given=DecideInput(
                reason="The evidence is plain and people are at risk. The provider has been heard.",
                in_force_from=decided_at.date(),
                review_on=decided_on + timedelta(14),
                decided_at=decided_at,
                seen=as_read(suspension),
            ),
            now=decided_at + timedelta(minutes=30),
        )
        everyone_notified(self.roles, suspension, decided_on)
        return suspension

    def _more_evidence(
        self, suspension: Suspension, concern_ids: tuple[int, ...], day: date
    ) -> Suspension:
        """The lead officer adds what came in since: two have written the evidence."""
        record, now = self._record(concern_ids, day), at(day, 17, 10)
        with happening_at(now):
            return record_actions.complete(
                suspension.pk,
                by=self.officer,
                given=replace(
                    record, evidence=f"{record.evidence} The rotas of two more weeks came today."
                ),
                seen=as_read(suspension),
                now=now,
            )

    def _suspend_urgently(self, concern_ids: tuple[int, ...], unit_id: int | None) -> Suspension:
        script = self.script
        day = self.context.today - timedelta(script.began)
        suspended_at = at(day, 16, 40)
        suspension = deciding.suspend_urgently(
            self.service.pk,
            by=self.one,
            given=UrgentInput(
                summary=script.theme.summary, kind=script.kind, limit=script.limit, unit_id=unit_id
            ),
            recipients=self._recipients(),
            now=suspended_at,
        )
        if script.ends == "ended_unconfirmed":
            everyone_notified(self.roles, suspension, day)
            return deciding.end_unconfirmed(
                suspension.pk,
                by=self.other,
                given=DecisionInput(
                    reason=(
                        "The error was the pharmacy's and was put right the same evening. Visits"
                        " go on."
                    ),
                    seen=as_read(suspension),
                ),
                now=suspended_at + timedelta(hours=18),
            )
        if script.ends == "unconfirmed":
            return suspension
        completed_at = suspended_at + timedelta(hours=15)
        with happening_at(completed_at):
            record = self._record(concern_ids, day)
            record_actions.complete(
                suspension.pk,
                by=self.one,
                given=record,
                seen=as_read(suspension),
                now=completed_at,
            )
        everyone_notified(self.roles, suspension, day)
        confirmed_at = suspended_at + timedelta(hours=17)
        suspension = deciding.confirm(
            suspension.pk,
            by=self.other,
            given=ConfirmInput(
                reason="Right, and right to do at once.",
                review_on=day + timedelta(14),
                seen=as_read(suspension),
            ),
            now=confirmed_at,
        )
        # The provider, again, with the whole letter.
        everyone_notified(self.roles, suspension, confirmed_at.date())
        return suspension

    def _record(self, concern_ids: tuple[int, ...], day: date) -> ProposalRecord:
        theme = self.script.theme
        return ProposalRecord(
            ground=GROUNDS[theme],
            summary=theme.summary,
            reasons=theme.reasons,
            evidence=theme.evidence,
            provider_notified_at=at(day, 9, 30) - timedelta(days=1),
            provider_notified=theme.provider_notified,
            provider_answer=theme.answered,
            welfare=texts.WELFARE,
            meetings=texts.MEETINGS,
            lead_officer_id=self.officer.pk,
            concern_ids=concern_ids,
        )

    def _recipients(self) -> list[RecipientInput]:
        provider = self.service.provider
        return [
            RecipientInput(RecipientKind.PROVIDER, provider.name, provider.contact_email),
            RecipientInput(RecipientKind.CQC, "CQC", "cqc@example.test"),
            RecipientInput(RecipientKind.ICB, "Integrated care board", "icb@example.test"),
            RecipientInput(RecipientKind.HEALTHWATCH, "Healthwatch", "healthwatch@example.test"),
            RecipientInput(RecipientKind.AUTHORITY, self.rng.choice(self.context.neighbours)),
            RecipientInput(RecipientKind.OWN_TEAM, "Out of hours"),
            RecipientInput(RecipientKind.OWN_TEAM, "Brokerage", "brokerage@example.test"),
            RecipientInput(RecipientKind.OWN_TEAM, "Hospital discharge", "discharge@example.test"),
            RecipientInput(RecipientKind.FAMILIES, "Residents and families"),
        ]
