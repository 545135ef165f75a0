"""Every address: the frame first, then the missions, then what is learnt from them."""

from django.urls import include, path

from explor.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("explor.ui.urls")),
    path("", include("explor.accounts.urls")),
    path("", include("explor.offline.urls")),
    path("compte/", include("allauth.urls")),
    path("", include("explor.documents.urls")),
    path("", include("explor.notifications.urls")),
    path("", include("missions.urls")),
    path("", include("capitalisation.urls")),
]

handler400 = "explor.ui.views.bad_request"
handler500 = "explor.ui.views.server_error"
