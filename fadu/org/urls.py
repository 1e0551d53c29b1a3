"""Addresses of the door, accounts, organs, people, delegations and the administrators' pages."""

from django.urls import path, re_path

from fadu.org.views import administration, authority, door, own, people

app_name = "org"
urlpatterns = [
    path("login/", door.login, name="login"),
    path("login/code/", door.code, name="code"),
    path("login/identity/", door.provider, name="provider"),
    path("login/identity/back/", door.callback, name="callback"),
    path("logout/", door.logout, name="logout"),
    path("account/", own.account, name="account"),
    path("account/password/", own.password, name="password"),
    path("account/factor/", own.factor, name="factor"),
    path("account/factor/begin/", own.begin_factor, name="begin_factor"),
    path("account/factor/confirm/", own.confirm_factor, name="confirm_factor"),
    path("account/factor/renew/", own.renew_factor, name="renew_factor"),
    path("people/", people.people, name="people"),
    path("people/<int:pk>/", people.officer, name="officer"),
    path("organs/<int:pk>/", people.organ, name="organ"),
    path("delegations/", authority.delegations, name="delegations"),
    path("delegations/<int:pk>/revoke/", authority.revoke_delegation, name="revoke"),
    path("security/", administration.security, name="security"),
    path("security/grants/<int:pk>/", administration.decide_grant, name="decide_grant"),
    path("security/address/", administration.unlock_address, name="unlock_address"),
    re_path(
        r"^security/accounts/(?P<pk>\d+)/(?P<what>unlock|end|factor|unbind)/$",
        administration.act_on_account,
        name="act_on_account",
    ),
    path("audit/logins/", administration.logins, name="logins"),
    path("audit/changes/", administration.changes, name="changes"),
]
