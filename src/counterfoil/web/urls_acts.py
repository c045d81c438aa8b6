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
from counterfoil.web.views.application import new_application, quote
from counterfoil.web.views.approvals import approvals, referral
from counterfoil.web.views.claims import claim

urlpatterns: list[URLPattern] = [
    path("applications/new/", new_application, name="new_application"),
    path("applications/quote/", quote, name="quote"),
    path("policies/<uuid:policy_id>/acts/<slug:act>/", policy_act, name="policy_act"),
    path("policies/<uuid:policy_id>/acts/<slug:act>/<int:seq>/", act_done, name="act_done"),
    path("customers/<uuid:party_id>/acts/<slug:act>/", customer_act, name="customer_act"),
    path("acts/register_party/", new_customer, name="new_customer"),
    path("approvals/", approvals, name="approvals"),
    path("approvals/<uuid:referral_id>/", referral, name="referral"),
    path("claims/<uuid:policy_id>/<str:claim_number>/", claim, name="claim"),
    path("parties/pick/", pick_party, name="pick_party"),
    path("parties/<uuid:party_id>/accounts/", party_accounts, name="party_accounts"),
]
