from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("", include("administration.urls"))]

# Each app keeps its addresses below its own name; Today and the services stand at the root.
APPS = (
    "figures",
    "providers",
    "notifications",
    "ratings",
    "concerns",
    "audits",
    "formal_steps",
    "suspensions",
    "oversight",
    "reports",
)
for app in APPS:
    address = "" if app == "oversight" else f"{app.replace('_', '-')}/"
    urlpatterns.append(path(address, include(f"{app}.urls")))

# What must stand at the root, whatever its app.
urlpatterns.append(path("", include("audits.urls_at_root")))

handler500 = "administration.views.faults.server_error"
