from core.navigation import register_navigation

register_navigation("Suspensions", "suspensions:list-suspensions", "suspensions.view_suspension", order=50)
register_navigation(
    "Placements", "suspensions:find-placement-status", "suspensions.view_placement_status", order=55
)
