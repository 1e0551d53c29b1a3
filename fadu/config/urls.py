"""All routes of the program."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from fadu.config import api, views

PREFIXES = {
    "fadu.publicity.urls": "",
    "fadu.org.urls": "",
    "fadu.reminder.urls": "reminders/",
    "fadu.procedure.urls": "",
    "fadu.inspection.urls": "",
    "fadu.warning.urls": "warning/",
    "fadu.callout.urls": "callout/",
    "fadu.response.urls": "response/",
    "fadu.penalty.urls": "penalty/",
    "fadu.subject.urls": "subject/",
    "fadu.discretion.urls": "",
    "fadu.law.urls": "law/",
    "fadu.power.urls": "",
    "fadu.document.urls": "",
    "fadu.record.urls": "record/",
    "fadu.ui.urls": "ui/",
}
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.measures, name="metrics"),
    # what a browser asks for by itself on pages that name no icon
    path("favicon.ico", login_not_required(RedirectView.as_view(url=static("ui/chop.svg")))),
    path("admin/", admin.site.urls),
    path("api/v1/", include((api.urls(), "ninja"), namespace="api")),
    *(path(prefix, include(module)) for module, prefix in PREFIXES.items()),
]
handler400 = "fadu.config.views.bad_request"
handler403 = "fadu.config.views.forbidden"
handler404 = "fadu.config.views.not_found"
handler500 = "fadu.config.views.server_error"
