"""The addresses of the screens of acts, applications, approvals and claims."""

from django.urls import URLPattern, path

from counterfoil.web.views.acts import (
    act_done,
    customer_act,
    new_customer,
    party_accounts,
    pick_party,
    policy_act,
)

urlpatterns: list[URLPattern] = [
    path("policies/<uuid:policy_id>/acts/<slug:act>/", policy_act, name="policy_act"),
    path("policies/<uuid:policy_id>/acts/<slug:act>/<int:seq>/", act_done, name="act_done"),
    path("customers/<uuid:party_id>/acts/<slug:act>/", customer_act, name="customer_act"),
    path("acts/register_party/", new_customer, name="new_customer"),
    path("parties/pick/", pick_party, name="pick_party"),
    path("parties/<uuid:party_id>/accounts/", party_accounts, name="party_accounts"),
]
