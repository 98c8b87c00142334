"""Addresses of `evaluation`: rendición de cuentas, for who prepares it and for everybody."""

from django.urls import path

from evaluation.views import accountability, accountability_acts, public_accountability

EVENTS = "sectores/<slug:slug>/pes/<int:first>/rendicion/"
EVENT = f"{EVENTS}<int:pk>/"
PUBLIC = "publico/rendicion/"

urlpatterns = [
    path(EVENTS, accountability.accountability, name="accountability"),
    path(f"{EVENTS}nueva/", accountability.accountability_new, name="accountability-new"),
    path(EVENT, accountability.event, name="accountability-event"),
    path(f"{EVENT}corregir/", accountability.event_edit, name="accountability-edit"),
    path(f"{EVENT}convocar/", accountability_acts.event_announce, name="accountability-announce"),
    path(f"{EVENT}celebrar/", accountability_acts.event_held, name="accountability-held"),
    path(f"{EVENT}cerrar/", accountability_acts.event_close, name="accountability-close"),
    path(f"{EVENT}informe/", accountability_acts.event_report, name="accountability-report"),
    path(f"{EVENT}preguntas/", accountability_acts.question_record, name="accountability-question"),
    path(
        f"{EVENT}preguntas/<int:number>/responder/", accountability_acts.question_answer, name="accountability-answer"
    ),
    path(f"{EVENT}compromisos/", accountability_acts.promise_new, name="accountability-promise"),
    path(
        f"{EVENT}compromisos/<int:number>/cumplir/", accountability_acts.promise_outcome, name="accountability-outcome"
    ),
    path(PUBLIC, public_accountability.events, name="public-events"),
    path(f"{PUBLIC}<int:pk>/", public_accountability.event, name="public-event"),
    path(f"{PUBLIC}<int:pk>/informe/", public_accountability.report, name="public-event-report"),
    path(f"{PUBLIC}<int:pk>/informe/<int:number>/", public_accountability.replaced, name="public-event-replaced"),
    path(f"{PUBLIC}<int:pk>/recibida/<str:token>/", public_accountability.receipt, name="public-question"),
]
