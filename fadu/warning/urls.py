"""Addresses."""
app_name = "warning"
urlpatterns = []
