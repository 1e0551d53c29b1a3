"""Addresses of the subjects of supervision."""

from django.urls import path, re_path

from fadu.subject.views import ledger, subjects

app_name = "subject"
urlpatterns = [
    path("", subjects.index, name="list"),
    re_path(r"^new/(?P<kind>unit|business|person)/$", subjects.new, name="new"),
    path("<int:pk>/", subjects.page, name="page"),
    path("<int:pk>/edit/", subjects.edit, name="edit"),
    path("import/", ledger.send, name="ledger"),
    path("import/<int:pk>/", ledger.page, name="ledger-page"),
    path("import/<int:pk>/progress/", ledger.progress, name="ledger-progress"),
    path("import/<int:pk>/confirm/", ledger.confirm, name="ledger-confirm"),
    path("import/<int:pk>/rejected/", ledger.rejected, name="ledger-rejected"),
]
