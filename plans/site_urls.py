"""All addresses of `plans`, under one namespace: inside and without an account."""

from django.urls import include, path

from plans import public_urls, urls

app_name = "plans"
urlpatterns = [
    path("planes/", include(urls.urlpatterns)),
    path("publico/", include(public_urls.urlpatterns)),
]
