from django.urls import path

from missions.matching import views

urlpatterns = [
    path(
        "missions/<reference:reference>/mise-en-relation/",
        views.mission_matching,
        name="mission_matching",
    ),
    path(
        "missions/<reference:reference>/mise-en-relation/<uuid:token>/confirmer/",
        views.engagement_confirm,
        name="engagement_confirm",
    ),
    path("propositions/", views.proposal_list, name="proposal_list"),
    path("propositions/<uuid:token>/", views.proposal, name="proposal"),
    path(
        "propositions/<uuid:token>/se-retirer/",
        views.engagement_withdraw,
        name="engagement_withdraw",
    ),
]
