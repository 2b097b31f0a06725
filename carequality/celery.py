"""The Celery application: `celery -A carequality worker` and `celery -A carequality beat`.

Celery is the clock, and the parent of the lanes that do the jobs (`core.jobs`); work is not sent
through it.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carequality.settings")

app = Celery("carequality")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add("core.jobs.supervisor:LanesStep")
