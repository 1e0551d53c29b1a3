"""The routes of inspection beside the shared matter page."""

from django.urls import path

from fadu.inspection.views import ledgers, onsite, planning

app_name = "inspection"
urlpatterns = [
    path("", ledgers.visits, name="visits"),
    path("findings/", ledgers.findings, name="findings"),
    path("new/", planning.new_visit, name="new"),
    path("today/", onsite.today, name="today"),
    path("<int:pk>/onsite/", onsite.onsite, name="onsite"),
    path("<int:pk>/onsite/problems/", onsite.problems, name="problems"),
    path("<int:pk>/onsite/sign/", onsite.sign, name="sign"),
    path("<int:pk>/onsite/reinspect/", onsite.reinspect, name="reinspect"),
    path("<int:pk>/preview/<str:kind>/", onsite.preview, name="preview"),
]
