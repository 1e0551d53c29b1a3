"""The routes of the styleguide alone, so that the interface is tested without any floor above it."""

from django.urls import include, path

urlpatterns = [path("ui/", include("fadu.ui.urls"))]
