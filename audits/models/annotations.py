from datetime import date

from django.db.models import Count, DateField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from audits.models.plans import Action
from audits.models.visits import Visit
from providers.models import Service


def services_with_audits(services: QuerySet[Service], day: date) -> QuerySet[Service]:
    """The services with what a list of them shows of audits, in the same query.

    Adds `open_actions`, `overdue_actions` (counts as the day ended), `next_visit_on` (planned or
    begun, slipped ones too), `last_visit_on`, `last_audit_on` and `last_outcome` (of the last audit
    with a final outcome; exempt matter).
    """
    # Subqueries, not joins: joining actions and visits would multiply each by the other.
    actions = (
        Action.objects.open_on(day).filter(service=OuterRef("pk")).order_by().values("service")
    )
    visits = Visit.objects.filter(service=OuterRef("pk"))
    made = visits.completed().filter(visited_on__lte=day).order_by("-visited_on", "-pk")
    scored = visits.rated().filter(visited_on__lte=day).order_by("-visited_on", "-pk")
    return services.annotate(
        open_actions=Coalesce(Subquery(actions.annotate(n=Count("pk")).values("n")), 0),
        overdue_actions=Coalesce(
            Subquery(actions.annotate(n=Count("pk", filter=Q(due_on__lt=day))).values("n")), 0
        ),
        next_visit_on=Subquery(
            visits.waiting().order_by("planned_for").values("planned_for")[:1],
            output_field=DateField(),
        ),
        last_visit_on=Subquery(made.values("visited_on")[:1]),
        last_audit_on=Subquery(scored.values("visited_on")[:1]),
        last_outcome=Subquery(scored.values("outcome")[:1]),
    )
