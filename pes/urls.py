"""The table of contents of the site."""

from django.conf import settings
from django.urls import include, path

handler500 = "pes.views.errors.server_error"
urlpatterns = [
    path("", include("pes.page_urls")),
    path("cuenta/", include("allauth.urls")),
    path("administracion/", include("pes.administration_urls")),
    path("", include("plans.site_urls")),
    path("", include("tracking.urls")),
    path("", include("evaluation.urls")),
]

if settings.DEBUG:
    urlpatterns += [path("componentes/", include("pes.gallery_urls"))]
