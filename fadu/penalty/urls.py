"""The routes of penalty cases beside the shared matter page: the clue register and the ledger."""

from django.urls import path

from fadu.penalty import views

app_name = "penalty"
urlpatterns = [
    path("clues/", views.clues, name="clues"),
    path("clues/new/", views.new_clue, name="new_clue"),
    path("cases/", views.ledger, name="ledger"),
    path("consistency/", views.consistency, name="consistency"),
]
