from django.urls import path

from audits.views import offline

# A service worker reaches no further than its own folder: it must stand at the root.
urlpatterns = [path("sw.js", offline.service_worker, name="service-worker")]
