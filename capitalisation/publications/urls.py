from django.urls import path

from capitalisation.publications import printed_views, public, views

DRAFTS = "publications/livrets/"

urlpatterns = [
    path("publications/", public.publication_list, name="publication_list"),
    path(DRAFTS, views.booklet_list, name="booklet_list"),
    path(f"{DRAFTS}nouveau/", views.booklet_new, name="booklet_new"),
    path(f"{DRAFTS}apercu/", views.prose_preview, name="prose_preview"),
    path(f"{DRAFTS}paroles/", printed_views.booklet_words, name="booklet_words"),
    path(f"{DRAFTS}<slug:slug>/", views.booklet, name="booklet"),
    path(f"{DRAFTS}<slug:slug>/fabriquer/", views.booklet_make, name="booklet_make"),
    path(f"{DRAFTS}<slug:slug>/imprime/", printed_views.booklet_printed, name="booklet_printed"),
    path(f"{DRAFTS}<slug:slug>/reprendre/", views.booklet_return, name="booklet_return"),
    path(f"{DRAFTS}<slug:slug>/etape/<slug:name>/", views.booklet_step, name="booklet_step"),
    path("publications/<slug:slug>/", public.publication, name="publication"),
]
