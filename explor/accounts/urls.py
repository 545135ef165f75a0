from django.urls import path

from explor.accounts import views

urlpatterns = [path("demo/", views.demo, name="demo")]
