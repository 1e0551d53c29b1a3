"""Addresses."""
app_name = "callout"
urlpatterns = []
