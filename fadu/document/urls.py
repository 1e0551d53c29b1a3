"""The addresses of papers and of their public verification."""

from django.urls import path

from fadu.document import views

app_name = "document"
urlpatterns = [
    path("paper/<int:pk>/", views.paper_page, name="paper"),
    path("paper/<int:pk>/pdf/", views.pdf, name="pdf"),
    path("paper/<int:pk>/docx/", views.docx, name="docx"),
    path("case-file/<int:pk>/", views.case_file, name="case_file"),
    path("verify/", views.lookup, name="lookup"),
    path("verify/<str:code>/", views.verify, name="verify"),
]
