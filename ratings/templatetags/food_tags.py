from django import template

from providers.models import Service
from ratings.models import FoodRating, food_rating_in_words

register = template.Library()

register.filter("food_words", food_rating_in_words)


@register.simple_tag
def food_rating_of(service: Service) -> FoodRating | None:
    """The food hygiene rating now of a service of ours, with its date."""
    return FoodRating.objects.latest_for(service)
