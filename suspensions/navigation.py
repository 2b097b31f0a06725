from core.navigation import Tab, register_navigation, register_tab

register_navigation(
    "Suspensions",
    "suspensions:list-suspensions",
    "suspensions.view_suspension",
    order=50,
    also=("formal_steps", "notifications", "set-cover", "end-cover"),
)
register_navigation(
    "Placements", "suspensions:find-placement-status", "suspensions.view_placement_status", order=55
)

register_tab("suspensions", Tab("list", "Suspensions", "suspensions:list-suspensions"), order=10)
register_tab(
    "suspensions", Tab("figures", "Figures", "figures:list-area", args=("suspensions",)), order=30
)
