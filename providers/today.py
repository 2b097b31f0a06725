from datetime import date

from django.urls import reverse

from core.models import User
from core.today import TodayCard, TodayItem, today_card
from providers import placement
from providers.models import Service
from providers.placement import PlacementAnswer

MOST = 8


@today_card(order=85)
def against_placements(user: User, today: date) -> TodayCard | None:
    """The services of this person's portfolio (all of them for whoever has none) where people
    cannot be placed, or only after asking: the gravest first. Closed ones wait for nothing.

    None for whoever may know of nothing that stands against placements.
    """
    if not user.has_perms(["core.read_exempt", "providers.view_service"]):
        return None
    mine = list(user.portfolio.values_list("pk", flat=True))
    found = placement.statuses(today, mine or None)
    seen = {pk: placement.seen_by(user, status.now) for pk, status in found.items()}
    answers = {
        pk: max(each.answer for each in restrictions)
        for pk, restrictions in seen.items()
        if restrictions and found[pk].answer != PlacementAnswer.CLOSED
    }
    services = Service.objects.in_bulk(list(answers))
    order = sorted(answers, key=lambda pk: (-answers[pk], services[pk].name_key, pk))
    return TodayCard(
        title="Services that take no placements, or only if you ask",
        items=tuple(
            TodayItem(
                label=str(services[pk]),
                url=reverse("oversight:view-service", args=[pk]),
                note="; ".join(dict.fromkeys(each.title for each in seen[pk])),
                mark=placement.ANSWER_WORDS[answers[pk]],
                mark_colour="red" if answers[pk] == PlacementAnswer.NONE else "yellow",
            )
            for pk in order[:MOST]
        ),
        count=len(order),
        empty="Nothing stands against placements.",
    )
