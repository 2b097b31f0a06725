from django.urls import path

from ratings import views
from ratings.views import alerts, files, food, targets

app_name = "ratings"

urlpatterns = [
    path("", views.changes, name="changes"),
    path("locations/", views.list_locations, name="list-locations"),
    path("locations/<str:location_id>/", views.view_location, name="view-location"),
    path("locations/<str:location_id>/link/", views.confirm_link, name="confirm-link"),
    path("links/", views.list_successors, name="list-successors"),
    path("links/<int:link_id>/end/", views.end_link, name="end-link"),
    path("runs/", views.list_runs, name="list-runs"),
    path("runs/now/", views.ask_for_run, name="ask-for-run"),
    path("runs/<int:run_id>/", views.view_run, name="view-run"),
    path("files/", files.list_imports, name="list-imports"),
    path("files/bring/", files.bring_file, name="bring-file"),
    path("files/<int:import_id>/", files.view_import, name="view-import"),
    path("files/<int:import_id>/confirm/", files.confirm_import, name="confirm-import"),
    path("files/<int:import_id>/discard/", files.discard_import, name="discard-import"),
    path("files/<int:import_id>/not-used/", files.export_problems, name="export-problems"),
    path("files/<int:import_id>/changes/", files.export_changes, name="export-changes"),
    path("food/", food.list_food_ratings, name="list-food-ratings"),
    path("food/matches/", food.list_food_matches, name="list-food-matches"),
    path("food/matches/<int:match_id>/confirm/", food.confirm_food_match, name="confirm-food-match"),
    path("food/matches/<int:match_id>/refuse/", food.refuse_food_match, name="refuse-food-match"),
    path("targets/", targets.list_targets, name="list-targets"),
    path("targets/set/", targets.set_target, name="set-target"),
    path("targets/<int:target_id>/", targets.change_target, name="change-target"),
    path("alerts/", alerts.choose_alerts, name="choose-alerts"),
]
