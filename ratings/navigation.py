from core.navigation import Tab, register_navigation, register_tab

register_navigation("Ratings", "ratings:changes", "ratings.view_location", order=60)

register_tab("ratings", Tab("changes", "Changes", "ratings:changes"), order=10)
register_tab(
    "ratings",
    Tab("comparisons", "Comparisons", "figures:list-area", args=("ratings",)),
    order=20,
)
register_tab("ratings", Tab("locations", "Locations", "ratings:list-locations"), order=30)
register_tab("ratings", Tab("links", "Links to confirm", "ratings:list-successors"), order=40)
register_tab("ratings", Tab("runs", "CQC updates", "ratings:list-runs"), order=50)
register_tab("ratings", Tab("food", "Food hygiene", "ratings:list-food-ratings"), order=60)
register_tab(
    "ratings", Tab("files", "CQC files", "ratings:list-imports", "ratings.run_sync"), order=70
)
register_tab("ratings", Tab("alerts", "Alerts", "ratings:choose-alerts"), order=80)
