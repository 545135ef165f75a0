from django.urls import path

from missions.funding import envelope_views, views

HERE = "missions/<reference:reference>/financement/"
ENVELOPES = "reglages/enveloppes/"

urlpatterns = [
    path(HERE, views.mission_funding, name="mission_funding"),
    path(f"{HERE}etat-de-frais.pdf", views.expense_statement_pdf, name="expense_statement"),
    path(f"{HERE}depenses/nouvelle/", views.expense_new, name="expense_new"),
    path(f"{HERE}depenses/<uuid:token>/", views.expense, name="expense"),
    path(f"{HERE}depenses/<uuid:token>/retirer/", views.expense_remove, name="expense_remove"),
    path(f"{HERE}cofinancements/nouveau/", views.cofunding_new, name="cofunding_new"),
    path(f"{HERE}cofinancements/<uuid:token>/", views.cofunding, name="cofunding"),
    path(
        f"{HERE}cofinancements/<uuid:token>/retirer/",
        views.cofunding_remove,
        name="cofunding_remove",
    ),
    path(f"{HERE}versements/nouveau/", views.instalment_new, name="instalment_new"),
    path(f"{HERE}versements/<uuid:token>/", views.instalment, name="instalment"),
    path(f"{HERE}versements/<uuid:token>/fait/", views.instalment_pay, name="instalment_pay"),
    path(
        f"{HERE}versements/<uuid:token>/annuler/",
        views.instalment_cancel,
        name="instalment_cancel",
    ),
    path(ENVELOPES, envelope_views.envelope_list, name="envelope_list"),
    path(f"{ENVELOPES}nouvelle/", envelope_views.envelope_new, name="envelope_new"),
    path(
        f"{ENVELOPES}<slug:programme>/<slug:territory>/<int:year>/",
        envelope_views.envelope,
        name="envelope",
    ),
]
