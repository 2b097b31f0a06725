from django import template

from oversight import filters

register = template.Library()
register.filter("suspension_words", filters.suspension_in_words)
register.filter("rating_words", filters.rating_in_words)
