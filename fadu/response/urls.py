"""Addresses of the responses, the rules, the evacuation guide and the liaisons."""

from django.urls import path

from fadu.response import views

app_name = "response"
urlpatterns = [
    path("", views.index, name="list"),
    path("<int:pk>/", views.page, name="page"),
    path("open/<int:pk>/", views.open_, name="open"),
    path("task/<int:pk>/", views.task, name="task"),
    path("rules/", views.rules, name="rules"),
    path("members/", views.members, name="members"),
    path("places/", views.places, name="places"),
    path("places/new/", views.place, name="place-new"),
    path("places/<int:pk>/", views.place, name="place"),
    path("guide/", views.guide, name="guide"),
    path("m/<str:token>/", views.liaison, name="liaison"),
]
