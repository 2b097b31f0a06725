from core.navigation import Tab, register_tab

register_tab(
    "suspensions",
    Tab("steps", "Formal steps", "formal_steps:list-formal-steps", "formal_steps.view_formalstep"),
    order=20,
)
register_tab(
    "suspensions",
    Tab("policy", "Settings", "formal_steps:change-policy", "formal_steps.change_policy"),
    order=60,
)
