from django.urls import path

from explor.ui import views

urlpatterns = [
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("compte/", views.account_settings, name="account_settings"),
    path("reglages/style/", views.style_guide, name="style_guide"),
]
