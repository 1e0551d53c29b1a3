"""The styleguide; its pages answer 404 where DEBUG is off."""

from django.urls import path

from fadu.ui import styleguide

app_name = "ui"
urlpatterns = [
    path("", styleguide.parts, name="styleguide"),
    path("ledger/", styleguide.ledger, name="styleguide_ledger"),
    path("phone/", styleguide.phone, name="styleguide_phone"),
    path("public/", styleguide.public, name="styleguide_public"),
    path("refusal/<int:status>/", styleguide.refusal, name="styleguide_refusal"),
]
