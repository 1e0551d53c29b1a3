"""Addresses of the warnings."""

from django.urls import path

from fadu.warning.views import refusals, warnings

app_name = "warning"
urlpatterns = [
    path("", warnings.index, name="list"),
    path("push/", warnings.push, name="push"),
    path("take/", warnings.take, name="take"),
    path("<int:pk>/", warnings.page, name="page"),
    path("refused/", refusals.index, name="refused"),
    path("refused/<int:pk>/", refusals.page, name="refusal"),
    path("refused/<int:pk>/raw/", refusals.raw, name="refusal-raw"),
]
