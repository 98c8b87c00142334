"""The gallery of components; the root URLconf includes it only in DEBUG."""

from django.urls import path

from pes.views.gallery import gallery

urlpatterns = [path("", gallery, name="gallery")]
