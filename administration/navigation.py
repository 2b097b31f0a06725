from core.navigation import Tab, register_navigation, register_tab

register_navigation("Council", "council", "core.change_councilprofile", order=90)
register_navigation("People", "list-people", "core.change_user", order=95)
register_tab("suspensions", Tab("cover", "Cover", "set-cover", "core.change_cover"), order=50)
