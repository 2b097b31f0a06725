import os
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carequality.settings")


class PlainRequest(WSGIRequest):
    """Says nothing of its content where its header names an encoding that gives no text, or that
    there is not.

    Django reads that header before any page could say what is wrong.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]  # not in its stubs
        except (ValueError, LookupError):
            self.content_type, self.content_params, self._encoding = "", {}, None


class Application(WSGIHandler):
    request_class = PlainRequest


django.setup(set_prefix=False)
application = Application()
