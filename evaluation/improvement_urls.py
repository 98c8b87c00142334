"""Addresses of `evaluation`: responsible people, bottlenecks, actions and the agenda of the evaluation."""

from django.urls import path

from evaluation.views import actions, agenda, bottlenecks, responsibles

PES = "sectores/<slug:slug>/pes/<int:first>/"
EVALUATION = f"{PES}evaluacion/"
BOTTLENECK = f"{EVALUATION}cuellos/<int:pk>/"
ACTION = f"{EVALUATION}acciones/<int:pk>/"

urlpatterns = [
    path(f"{PES}responsables/", responsibles.responsibles, name="responsibles"),
    path(f"{PES}responsables/guardar/", responsibles.responsibles_save, name="responsibles-save"),
    path(EVALUATION, agenda.agenda, name="agenda"),
    path(f"{EVALUATION}cuellos/", bottlenecks.bottlenecks, name="bottlenecks"),
    path(f"{EVALUATION}cuellos/nuevo/", bottlenecks.bottleneck_new, name="bottleneck-new"),
    path(BOTTLENECK, bottlenecks.bottleneck, name="bottleneck"),
    path(f"{BOTTLENECK}corregir/", bottlenecks.bottleneck_edit, name="bottleneck-edit"),
    path(f"{BOTTLENECK}superar/", bottlenecks.bottleneck_solve, name="bottleneck-solve"),
    path(f"{BOTTLENECK}reabrir/", bottlenecks.bottleneck_reopen, name="bottleneck-reopen"),
    path(f"{BOTTLENECK}acciones/nueva/", actions.action_new, name="action-new"),
    path(f"{EVALUATION}acciones/", actions.actions, name="actions"),
    path(ACTION, actions.action, name="action"),
    path(f"{ACTION}corregir/", actions.action_edit, name="action-edit"),
    path(f"{ACTION}seguimiento/", actions.action_follow, name="action-follow"),
    path(f"{ACTION}terminar/", actions.action_finish, name="action-finish"),
    path(f"{ACTION}verificar/", actions.action_verify, name="action-verify"),
    path(f"{ACTION}devolver/", actions.action_send_back, name="action-send-back"),
    path(f"{ACTION}descartar/", actions.action_discard, name="action-discard"),
]
