"""Addresses of `pes`: the road of a PES, its timeline, its activities, and the door that opens a PES."""

from django.urls import path

from pes.views import plan, road, road_activity, road_opening, road_schedule

_PLAN = "sectores/<slug:slug>/pes/<int:first>/"
_PHASE = f"{_PLAN}camino/fases/<str:code>/"
_ACTIVITY = f"{_PLAN}camino/actividades/<int:pk>/"
urlpatterns = [
    path("sectores/abrir-pes/", road_opening.plan_open, name="plan-open"),
    path(_PLAN, plan.plan, name="plan-of"),
    path(f"{_PLAN}camino/", road.road, name="road"),
    path(f"{_PLAN}camino/trazar/", road_opening.trace, name="road-trace"),
    path(f"{_PHASE}cerrar/", road.close, name="road-phase-close"),
    path(f"{_PHASE}programar/", road_schedule.schedule, name="road-schedule"),
    path(f"{_PLAN}cronograma/", road_schedule.timeline, name="road-timeline"),
    path(_ACTIVITY, road_activity.activity, name="road-activity"),
    path(f"{_ACTIVITY}reportar/", road_activity.report, name="road-activity-report"),
    path(f"{_ACTIVITY}evidencias/", road_activity.evidence, name="road-activity-evidence"),
    path(f"{_ACTIVITY}evidencias/<int:proof>/retirar/", road_activity.withdraw, name="road-evidence-withdraw"),
    path(f"{_ACTIVITY}no-aplica/", road_activity.aside, name="road-activity-aside"),
    path(f"{_ACTIVITY}retomar/", road_activity.again, name="road-activity-again"),
]
