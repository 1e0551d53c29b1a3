"""The routes of inspection beside the shared matter page: officers' under inspection/, the public's under public/."""

from django.urls import path

from fadu.inspection.views import checklists, ledgers, onsite, planning, public

app_name = "inspection"
urlpatterns = [
    path("inspection/", ledgers.visits, name="visits"),
    path("inspection/findings/", ledgers.findings, name="findings"),
    path("inspection/new/", planning.new_visit, name="new"),
    path("inspection/today/", onsite.today, name="today"),
    path("inspection/<int:pk>/onsite/", onsite.onsite, name="onsite"),
    path("inspection/<int:pk>/onsite/problems/", onsite.problems, name="problems"),
    path("inspection/<int:pk>/onsite/sign/", onsite.sign, name="sign"),
    path("inspection/<int:pk>/onsite/reinspect/", onsite.reinspect, name="reinspect"),
    path("inspection/<int:pk>/preview/<str:kind>/", onsite.preview, name="preview"),
    path("inspection/checklists/", checklists.versions, name="checklists"),
    path("inspection/checklists/import/", checklists.load, name="import_checklist"),
    path("inspection/checklists/import/<int:pk>/", checklists.pending, name="pending_checklist"),
    path("inspection/checklists/<int:pk>/", checklists.version, name="checklist"),
    path("inspection/checklists/<int:pk>/xlsx/", checklists.download, name="checklist_xlsx"),
    path("inspection/checklists/<int:pk>/draft/", checklists.draft, name="draft_checklist"),
    path("inspection/checklists/<int:pk>/edit/", checklists.edit, name="edit_checklist"),
    path("inspection/checklists/<int:pk>/act/<str:name>/", checklists.act, name="act_on_checklist"),
    path("inspection/checklists/<int:pk>/compare/<int:other_pk>/", checklists.compare, name="compare_checklists"),
    path("inspection/checklists/<int:pk>/items/new/", checklists.edit_item, name="new_item"),
    path("inspection/checklists/<int:pk>/items/<int:item_pk>/", checklists.item, name="item"),
    path("inspection/checklists/<int:pk>/items/<int:item_pk>/edit/", checklists.edit_item, name="edit_item"),
    path("inspection/checklists/<int:pk>/items/<int:item_pk>/remove/", checklists.remove_item, name="remove_item"),
    path("inspection/checklists/<int:pk>/items/<int:item_pk>/move/<str:way>/", checklists.move, name="move_item"),
    path("public/checklists/", public.checklists, name="public_checklists"),
    path("public/checklists/<slug:code>/", public.checklist, name="public_checklist"),
    path("public/checklists/<slug:code>/xlsx/", public.download, name="public_checklist_xlsx"),
    path("public/checklists/<slug:code>/items/<str:item>/", public.item, name="public_item"),
    path("public/hazards/", public.standards, name="hazard_standards"),
    path("public/hazards/<slug:code>/", public.standard, name="hazard_standard"),
]
