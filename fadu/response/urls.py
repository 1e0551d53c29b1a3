"""Addresses of the responses, the rules, the evacuation guide and the liaisons."""

from django.urls import path

from fadu.response.views import places, responses

app_name = "response"
urlpatterns = [
    path("", responses.index, name="list"),
    path("<int:pk>/", responses.page, name="page"),
    path("open/<int:pk>/", responses.open_, name="open"),
    path("task/<int:pk>/", responses.task, name="task"),
    path("rules/", responses.rules, name="rules"),
    path("members/", responses.members, name="members"),
    path("places/", places.index, name="places"),
    path("places/new/", places.place, name="place-new"),
    path("places/<int:pk>/", places.place, name="place"),
    path("places/export/", places.export, name="places-export"),
    path("places/import/", places.send, name="places-import"),
    path("places/import/<int:pk>/", places.preview, name="places-import-page"),
    path("guide/", places.guide, name="guide"),
    path("m/<str:token>/", responses.liaison, name="liaison"),
]
