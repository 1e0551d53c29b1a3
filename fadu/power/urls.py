"""The routes of powers: officers' pages under powers/, the public's under public/powers/."""

from django.urls import path

from fadu.power import views

app_name = "power"
urlpatterns = [
    path("powers/", views.powers, name="powers"),
    path("powers/versions/", views.versions, name="versions"),
    path("powers/versions/new/", views.new_list, name="new"),
    path("powers/versions/<int:pk>/", views.version, name="version"),
    path("powers/versions/<int:pk>/edit/", views.edit_list, name="edit"),
    path("powers/versions/<int:pk>/items/new/", views.edit_item, name="new_item"),
    path("powers/versions/<int:pk>/items/<int:item_pk>/", views.edit_item, name="edit_item"),
    path("powers/versions/<int:pk>/items/<int:item_pk>/remove/", views.remove, name="remove"),
    path("powers/versions/<int:pk>/review/", views.review, name="review"),
    path("powers/versions/<int:pk>/return/", views.send_back, name="return"),
    path("powers/versions/<int:pk>/publish/", views.publish, name="publish"),
    path("powers/<slug:code>/", views.item, name="item"),
    path("public/powers/", views.public_powers, name="public"),
    path("public/powers/<slug:code>/", views.public_item, name="public_item"),
    path("public/powers/<slug:code>/print/", views.print_item, name="print"),
    path("public/powers/<slug:code>/flow.svg", views.flow_svg, name="flow_svg"),
    path("public/powers/<slug:code>/flow.bpmn", views.flow_bpmn, name="flow_bpmn"),
    path("public/powers/<slug:code>/risk.svg", views.risk_svg, name="risk_svg"),
]
