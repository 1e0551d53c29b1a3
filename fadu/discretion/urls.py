"""Routes of the benchmarks: the officers' pages, and the public list, table, download and wizard."""

from django.urls import path

from fadu.discretion import views

app_name = "discretion"
urlpatterns = [
    path("discretion/", views.sets, name="sets"),
    path("discretion/import/", views.load, name="import"),
    path("discretion/import/<int:pk>/", views.pending, name="pending"),
    path("discretion/example/", views.example, name="example"),
    path("discretion/<int:pk>/", views.one_set, name="set"),
    path("discretion/<int:pk>/xlsx/", views.download, name="xlsx"),
    path("discretion/<int:pk>/act/<str:name>/", views.act, name="act"),
    path("discretion/<int:pk>/<str:code>/", views.one_table, name="table"),
    path("public/benchmarks/", views.public_list, name="public"),
    path("public/benchmarks/xlsx/", views.public_download, name="public_xlsx"),
    path("public/benchmarks/ask/", views.ask, name="ask"),
    path("public/benchmarks/<str:code>/", views.public_table, name="public_table"),
]
