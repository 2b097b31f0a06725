from ratings.views.links import confirm_link, end_link, list_successors
from ratings.views.locations import changes, list_locations, view_location
from ratings.views.runs import ask_for_run, list_runs, view_run

__all__ = [
    "ask_for_run",
    "changes",
    "confirm_link",
    "end_link",
    "list_locations",
    "list_runs",
    "list_successors",
    "view_location",
    "view_run",
]
