from django.urls import path

from missions.preparation import views

HERE = "missions/<reference:reference>/preparation/"

urlpatterns = [
    path(HERE, views.mission_preparation, name="mission_preparation"),
    path(f"{HERE}dates/", views.mission_dates, name="mission_dates"),
    path(f"{HERE}<slug:kind>/fait/", views.milestone_settle, name="milestone_settle"),
    path(f"{HERE}<slug:kind>/dispense/", views.milestone_waive, name="milestone_waive"),
    path(f"{HERE}<slug:kind>/reprendre/", views.milestone_reopen, name="milestone_reopen"),
]
