"""Addresses of the register, the callouts, the answers and the receipts."""

from django.urls import path, re_path

from fadu.callout.views import answer, board, channels, mine, register

app_name = "callout"
urlpatterns = [
    path("", board.index, name="list"),
    path("start/<int:pk>/", board.start, name="start"),
    path("<int:pk>/", board.board, name="board"),
    path("<int:pk>/figures/", board.figures, name="figures"),
    path("<int:pk>/report/", board.report, name="report"),
    path("<int:pk>/compare/", board.compare, name="compare"),
    path("<int:pk>/approve/", board.approve, name="approve"),
    path("<int:pk>/cancel/", board.cancel, name="cancel"),
    path("<int:pk>/close/", board.close, name="close"),
    path("called/<int:pk>/", board.post, name="called"),
    path("register/", register.index, name="register"),
    path("register/export/", register.export, name="export"),
    path("register/<int:pk>/", register.post, name="post"),
    re_path(r"^register/(?P<pk>\d+)/vacate/(?P<slot>[AB])/$", register.vacate, name="vacate"),
    path("register/<int:pk>/verify/", register.verify, name="verify"),
    path("register/import/", register.send, name="import"),
    path("register/import/<int:pk>/", register.preview, name="import-page"),
    path("channels/", channels.channels, name="channels"),
    path("terminals/", channels.index, name="terminals"),
    path("terminals/new/", channels.new, name="new-terminal"),
    path("terminals/<int:pk>/", channels.terminal, name="terminal"),
    path("terminals/<int:pk>/key/", channels.renew, name="renew-key"),
    re_path(r"^register/(?P<pk>\d+)/page/(?P<slot>[AB])/$", channels.page, name="page-of"),
    path("mine/<str:token>/", mine.mine, name="mine"),
    path("mine/<str:token>/shown/", mine.shown, name="shown"),
    path("a/<str:token>/", answer.answer, name="answer"),
    path("receipts/<slug:account>/", answer.receipts, name="receipts"),
    path("receipts/<slug:account>/<slug:key>/", answer.receipts, name="receipts-with-key"),
]
