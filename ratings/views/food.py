"""Food hygiene ratings of the care homes, and the matches that a person decides."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.permissions import Request, require_permission
from govuk.form_page import post_action
from govuk.lists import Column, ListPage
from providers.models import Service
from ratings.actions import food
from ratings.models import (
    FoodMatch,
    FoodReading,
    food_rating_in_words,
    services_with_food_ratings,
)


def _in_words(service: Any) -> str:
    return food_rating_in_words(service.food_value) if service.food_value else "Not matched"


COLUMNS = [
    Column("name", "Care home", sort=("name_key",)),
    Column("district", "District", sort=("district__name_key", "name_key"), value="district.name"),
    Column("food_value", "Food hygiene rating", sort=("food_value", "name_key"), value=_in_words),
    Column("food_rated_on", "Rated on", sort=("food_rated_on", "name_key")),
]


@require_permission("ratings.view_location")
def list_food_ratings(request: HttpRequest) -> HttpResponseBase:
    homes = Service.objects.open_on(timezone.localdate()).care_homes().select_related("district")
    page = ListPage(
        request,
        services_with_food_ratings(homes),
        COLUMNS,
        default_sort="name",
        export_name="food-hygiene-ratings",
        noun=("care home", "care homes"),
    )
    context = {
        "page": page,
        "last": FoodReading.objects.exclude(finished_at=None).first(),
        "matches_label": _matches_label(),
        "tab": "food",
    }
    return page.export() or render(request, "ratings/list_food_ratings.html", context)


def _matches_label() -> str:
    number = FoodMatch.objects.filter(state=FoodMatch.State.DOUBTFUL).count()
    if number == 0:
        return "See the matches that were decided"
    return "1 match to decide" if number == 1 else f"{number} matches to decide"


@require_permission("ratings.confirm_link")
def list_food_matches(request: HttpRequest) -> HttpResponseBase:
    matches = FoodMatch.objects.select_related("service__district", "establishment", "decided_by")
    context = {
        "doubtful": matches.filter(state=FoodMatch.State.DOUBTFUL).order_by(
            "service__name_key", "pk"
        ),
        "decided": matches.exclude(decided_at=None).order_by("-decided_at", "-pk")[:50],
        "tab": "food",
    }
    return render(request, "ratings/list_food_matches.html", context)


@require_permission("ratings.confirm_link")
@require_POST
def confirm_food_match(request: Request, match_id: int) -> HttpResponseBase:
    match = get_object_or_404(
        FoodMatch.objects.select_related("service", "establishment"), pk=match_id
    )
    return post_action(
        request,
        lambda: food.confirm_food_match(match.pk, by=request.user, now=timezone.now()),
        done=f"You confirmed that {match.establishment} is {match.service}.",
        url=reverse("ratings:list-food-matches"),
    )


@require_permission("ratings.confirm_link")
@require_POST
def refuse_food_match(request: Request, match_id: int) -> HttpResponseBase:
    match = get_object_or_404(
        FoodMatch.objects.select_related("service", "establishment"), pk=match_id
    )
    return post_action(
        request,
        lambda: food.refuse_food_match(match.pk, by=request.user, now=timezone.now()),
        done=(
            f"You decided that {match.establishment} is not {match.service}. We will not suggest it"
            " again."
        ),
        url=reverse("ratings:list-food-matches"),
    )
