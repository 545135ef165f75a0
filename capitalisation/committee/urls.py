from django.urls import path

from capitalisation.committee import views

MONTH = "comite/<int:year>/<int:month>/"

urlpatterns = [
    path("comite/", views.committee, name="committee"),
    path(MONTH, views.committee_month, name="committee_month"),
    path(f"{MONTH}pdf/", views.committee_pdf, name="committee_pdf"),
    path(f"{MONTH}arreter/", views.committee_freeze, name="committee_freeze"),
    path(f"{MONTH}chiffre/<slug:code>/", views.committee_rows, name="committee_rows"),
]
