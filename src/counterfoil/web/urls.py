"""Which address opens which screen. Every view asks for a permission; a test fails for one that does not."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from counterfoil.web.views.as_of import policy_timeline
from counterfoil.web.views.authority import absence, authority, decide_grant, end_absence, end_grant, grant
from counterfoil.web.views.customer import customer, unmask_value
from counterfoil.web.views.documents import document
from counterfoil.web.views.home import home
from counterfoil.web.views.policy import policy
from counterfoil.web.views.products import approve_product, product, products
from counterfoil.web.views.quotation import proposal, quotation
from counterfoil.web.views.search import search, search_beyond
from counterfoil.web.views.timeline import past_act

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("search/", search, name="search"),
    path("search/beyond/", search_beyond, name="search_beyond"),
    path("customers/<uuid:party_id>/", customer, name="customer"),
    path("customers/<uuid:party_id>/unmask/", unmask_value, name="unmask"),
    path("policies/<uuid:policy_id>/", policy, name="policy"),
    path("policies/<uuid:policy_id>/timeline/", policy_timeline, name="policy_timeline"),
    path("policies/<uuid:policy_id>/timeline/<int:seq>/", past_act, name="past_act"),
    path("authority/", authority, name="authority"),
    path("authority/grant/", grant, name="grant"),
    path("authority/grants/<uuid:grant_id>/end/", end_grant, name="end_grant"),
    path("authority/asked/<uuid:proposal_id>/", decide_grant, name="decide_grant"),
    path("absence/", absence, name="absence"),
    path("absence/<uuid:delegation_id>/end/", end_absence, name="end_absence"),
    path("products/", products, name="products"),
    path("products/<slug:code>/<slug:content_hash>/", product, name="product"),
    path("products/<slug:code>/<slug:content_hash>/approve/", approve_product, name="approve_product"),
    path("quote/", quotation, name="quotation"),
    path("quote/proposal.pdf", proposal, name="proposal"),
    path("documents/<uuid:policy_id>/<int:seq>/<int:line>.pdf", document, name="document"),
]
urlpatterns += [path("", include("counterfoil.web.urls_papers"))]
# The screens of acts, cases and claims.
urlpatterns += [path("", include("counterfoil.web.urls_cases"))]
# The screens of acts and claims.
if find_spec("counterfoil.web.urls_acts") is not None:
    urlpatterns += [path("", include("counterfoil.web.urls_acts"))]
urlpatterns += [path("", include("counterfoil.web.urls_hall"))]
urlpatterns += [path("", include("counterfoil.web.urls_enquiries"))]
urlpatterns += [path("", include("counterfoil.web.urls_board"))]
urlpatterns += [path("", include("counterfoil.web.urls_complaints"))]
