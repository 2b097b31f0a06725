from core.navigation import Tab, register_tab

register_tab(
    "suspensions",
    Tab(
        "recipients",
        "Recipients",
        "notifications:list-recipients",
        "notifications.view_registeredrecipient",
    ),
    order=40,
)
