"""Routes of the law pages; all but the import and the check are public: what the law says is no secret."""

from django.urls import path

from fadu.law import views
from fadu.law.library import views as library

app_name = "law"
urlpatterns = [
    path("", views.statutes, name="statutes"),
    path("provisions/", views.provisions, name="provisions"),
    path("provisions/<slug:key>/", views.provision, name="provision"),
    path("check-penalty/", views.check_penalty, name="check_penalty"),
    path("parameters/", views.parameters, name="parameters"),
    path("holidays/", views.holidays, name="holidays"),
    path("holidays/<int:year>/", views.holidays, name="holidays_of"),
    path("search/", library.search, name="search"),
    path("import/", library.import_page, name="import"),
    path("import/confirm/", library.confirm_import, name="import_confirm"),
    path("import/discard/", library.discard_import, name="import_discard"),
    path("<slug:code>/", library.statute, name="statute"),
    path("<slug:code>/differences/", library.differences, name="differences"),
    path("<slug:code>/<str:key>/", views.article, name="article"),
]
