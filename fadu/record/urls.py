"""The addresses of the record: evidence and thumbnails, readings, and the published seals."""

from django.urls import path

from fadu.record import views

app_name = "record"
urlpatterns = [
    path("evidence/<int:pk>/", views.evidence, name="evidence"),
    path("evidence/<int:pk>/thumbnail/", views.thumbnail, name="thumbnail"),
    path("readings/", views.readings, name="readings"),
    path("seals/", views.seals, name="seals"),
    path("seals.json", views.seals_json, name="seals_json"),
]
