"""Addresses of `plans` that need no account: permanent, so that they can be quoted."""

from django.urls import path

from plans.paths import PLAN
from plans.views import public, public_consultation

urlpatterns = [
    path("planes/", public.plans, name="public-plans"),
    path(f"planes/{PLAN}/", public.plan, name="public-plan"),
    path(f"planes/{PLAN}/metas.<str:suffix>", public.plan_file, name="public-plan-file"),
    path("consultas/", public_consultation.consultations, name="public-consultations"),
    path(f"consultas/{PLAN}/", public_consultation.consultation, name="public-consultation"),
    path(f"consultas/{PLAN}/recibido/<str:token>/", public_consultation.receipt, name="public-receipt"),
]
