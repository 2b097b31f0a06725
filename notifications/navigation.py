from core.navigation import Tab, register_tab

register_tab(
    "suspensions",
    Tab(
        "recipients",
        "Who is told",
        "notifications:list-recipients",
        "notifications.view_registeredrecipient",
    ),
    order=40,
)
