"""The routes of matters: desk, page, acts, approvals, search."""

from django.urls import path

from fadu.procedure import views

app_name = "procedure"
urlpatterns = [
    path("desk/", views.desk, name="desk"),
    path("search/", views.search, name="search"),
    path("matter/<int:pk>/", views.matter_page, name="matter"),
    path("matter/<int:pk>/record/", views.record_page, name="record"),
    path("matter/<int:pk>/export/", views.export_page, name="export"),
    path("matter/<int:pk>/act/<slug:step>/", views.act_page, name="act"),
    path("matter/<int:pk>/comment/", views.add_comment, name="comment"),
    path("matter/power/<slug:code>/", views.of_power, name="of_power"),
    path("application/<int:pk>/", views.application_page, name="application"),
    path("application/<int:pk>/opinion/", views.give_opinion, name="opinion"),
    path("application/<int:pk>/cosign/", views.sign_too, name="cosign"),
    path("application/<int:pk>/withdraw/", views.take_back, name="withdraw"),
    path("application/<int:pk>/draft/<int:index>/", views.draft, name="draft"),
    path("procedures/<str:code>/", views.procedure_page, name="procedure"),
]
