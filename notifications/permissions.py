"""What the pages and actions of notifications ask for. Who is notified is exempt matter: whoever
reads it has both rights.
"""

SEE = ("notifications.view_registeredrecipient", "core.read_exempt")
CHANGE = "notifications.change_registeredrecipient"
CHANGE_MESSAGE = "notifications.change_messagetemplate"
