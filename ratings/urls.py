from django.urls import path

from ratings.views import alarms, alerts, files, food, links, locations, runs, targets

app_name = "ratings"

urlpatterns = [
    path("", locations.changes, name="changes"),
    path("locations/", locations.list_locations, name="list-locations"),
    path("locations/<str:location_id>/", locations.view_location, name="view-location"),
    path("locations/<str:location_id>/link/", links.confirm_link, name="confirm-link"),
    path("links/", links.list_successors, name="list-successors"),
    path("links/<int:link_id>/end/", links.end_link, name="end-link"),
    path("runs/", runs.list_runs, name="list-runs"),
    path("runs/now/", runs.ask_for_run, name="ask-for-run"),
    path("runs/<int:run_id>/", runs.view_run, name="view-run"),
    path("alarms/", alarms.list_alarms, name="list-alarms"),
    path("alarms/<int:alarm_id>/end/", alarms.end_alarm, name="end-alarm"),
    path("files/", files.list_imports, name="list-imports"),
    path("files/upload/", files.upload_file, name="upload-file"),
    path("files/<int:import_id>/", files.view_import, name="view-import"),
    path("files/<int:import_id>/confirm/", files.confirm_import, name="confirm-import"),
    path("files/<int:import_id>/discard/", files.discard_import, name="discard-import"),
    path("files/<int:import_id>/not-used/", files.export_problems, name="export-problems"),
    path("files/<int:import_id>/changes/", files.export_changes, name="export-changes"),
    path("food/", food.list_food_ratings, name="list-food-ratings"),
    path("food/matches/", food.list_food_matches, name="list-food-matches"),
    path(
        "food/matches/<int:match_id>/confirm/", food.confirm_food_match, name="confirm-food-match"
    ),
    path("food/matches/<int:match_id>/refuse/", food.refuse_food_match, name="refuse-food-match"),
    path("targets/", targets.list_targets, name="list-targets"),
    path("targets/set/", targets.set_target, name="set-target"),
    path("targets/<int:target_id>/", targets.change_target, name="change-target"),
    path("alerts/", alerts.choose_alerts, name="choose-alerts"),
]
