from ratings.actions.alerts import choose_alerts, prepare_digests, send_digest
from ratings.actions.files import (
    bring,
    confirm_import,
    discard_import,
    give_up_import,
    import_path,
    sweep_uploads,
    work_import,
)
from ratings.actions.first_readings import apply_first_readings
from ratings.actions.food import (
    ask_for_food_ratings,
    configured_food_client,
    confirm_food_match,
    is_food_due,
    read_food_ratings,
    refuse_food_match,
)
from ratings.actions.links import confirm_link, end_link
from ratings.actions.locations import apply_location
from ratings.actions.sync import ask_for_run, configured_client, kind_for_night, reparse, work_run, work_runs
from ratings.actions.targets import save_target

__all__ = [
    "apply_first_readings",
    "apply_location",
    "ask_for_food_ratings",
    "ask_for_run",
    "bring",
    "choose_alerts",
    "configured_client",
    "configured_food_client",
    "confirm_food_match",
    "confirm_import",
    "confirm_link",
    "discard_import",
    "end_link",
    "give_up_import",
    "import_path",
    "is_food_due",
    "kind_for_night",
    "prepare_digests",
    "read_food_ratings",
    "refuse_food_match",
    "reparse",
    "save_target",
    "send_digest",
    "sweep_uploads",
    "work_import",
    "work_run",
    "work_runs",
]
