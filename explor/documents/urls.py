from django.urls import path

from explor.documents import views

urlpatterns = [
    path("fichiers/<uuid:uuid>/", views.file_download, name="file_download"),
    path("documents/travaux/", views.export_job_list, name="export_job_list"),
    path("documents/travaux/<uuid:uuid>/", views.export_job, name="export_job"),
    path(
        "documents/travaux/<uuid:uuid>/reessayer/",
        views.export_job_retry,
        name="export_job_retry",
    ),
]
