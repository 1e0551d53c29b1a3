"""Addresses of reminders."""

from django.urls import path

from fadu.reminder import views

app_name = "reminder"
urlpatterns = [
    path("", views.reminders, name="list"),
    path("<int:pk>/open/", views.open_reminder, name="open"),
    path("read/", views.read_all, name="read_all"),
    path("preferences/", views.preferences, name="preferences"),
    path("deliveries/", views.deliveries, name="deliveries"),
]
