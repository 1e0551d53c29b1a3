"""Addresses of the warnings."""

from django.urls import path

from fadu.warning import views

app_name = "warning"
urlpatterns = [
    path("", views.index, name="list"),
    path("push/", views.push, name="push"),
    path("take/", views.take, name="take"),
    path("<int:pk>/", views.page, name="page"),
]
