from django.urls import path

from explor.offline import views

urlpatterns = [
    path("api/session/", views.session, name="offline_session"),
    path("api/sync/<slug:kind>/<uuid:record>/", views.sync, name="offline_sync"),
    path("hors-ligne.js", views.service_worker, name="service_worker"),
    path("explor.webmanifest", views.manifest, name="manifest"),
    # before allauth's own: the same page, which also says what the browser forgets
    path("compte/logout/", views.sign_out, name="account_logout"),
]
