"""The public site: home, penalty decisions, procedures; no login, no JavaScript needed."""

from django.urls import path

from fadu.publicity import views

app_name = "publicity"
urlpatterns = [
    path("", views.home, name="home"),
    path("public/penalties/", views.decisions, name="decisions"),
    path("public/penalties/<int:pk>/", views.decision, name="decision"),
    path("public/procedures/", views.procedures, name="procedures"),
]
