"""Addresses of `plans`."""

from django.urls import path

from plans.paths import PLAN
from plans.views import changes, coherence, consultation, goals, plan, plans, review, shared, versions, workbook

app_name = "plans"
urlpatterns = [
    path("", plans.plans, name="list"),
    path("abrir/", plans.open_all, name="open-all"),
    path("abrir/mio/", plans.open_own, name="open-own"),
    # requests to change goals of a published plan (SM-3); before the plans, whose addresses have the same shape
    path("solicitudes/", changes.requests, name="requests"),
    path("solicitudes/<int:pk>/", changes.change_request, name="request"),
    path("solicitudes/<int:pk>/revisar/", changes.request_check, name="request-check"),
    path("solicitudes/<int:pk>/guardar/", changes.request_save, name="request-save"),
    path("solicitudes/<int:pk>/radicar/", changes.request_file, name="request-file"),
    path("solicitudes/<int:pk>/conceptuar/", changes.opinion_give, name="opinion-give"),
    path("solicitudes/<int:pk>/estudiar/", changes.request_study, name="request-study"),
    path("solicitudes/<int:pk>/aprobar/", changes.request_approve, name="request-approve"),
    path("solicitudes/<int:pk>/negar/", changes.request_deny, name="request-deny"),
    path("solicitudes/<int:pk>/aplicar/", changes.request_apply, name="request-apply"),
    path("solicitudes/<int:pk>/desistir/", changes.request_withdraw, name="request-withdraw"),
    path(f"{PLAN}/metas/<int:number>/solicitar/", changes.request_new, name="request-new"),
    # goals that a leading area writes once for many plans
    path("metas-compartidas/", shared.shared_goals_list, name="shared-goals"),
    path("metas-compartidas/nueva/", shared.shared_goal_new, name="shared-goal-new"),
    path("metas-compartidas/<int:pk>/", shared.shared_goal, name="shared-goal"),
    path("metas-compartidas/<int:pk>/guardar/", shared.shared_goal_save, name="shared-goal-save"),
    path("metas-compartidas/<int:pk>/asignar/", shared.shared_goal_assign, name="shared-goal-assign"),
    path("metas-compartidas/<int:pk>/retirar/", shared.shared_goal_withdraw, name="shared-goal-withdraw"),
    # the grid, the sheet of each goal, the panel of coherence
    path(f"{PLAN}/metas/", goals.goals, name="goals"),
    path(f"{PLAN}/metas/celdas/", goals.cells, name="cells"),
    path(f"{PLAN}/metas/nueva/", goals.goal_new, name="goal-new"),
    path(f"{PLAN}/metas/orden/", goals.goals_order, name="goals-order"),
    path(f"{PLAN}/metas/<int:number>/", goals.goal, name="goal"),
    path(f"{PLAN}/metas/<int:number>/guardar/", goals.goal_save, name="goal-save"),
    path(f"{PLAN}/metas/<int:number>/quitar/", goals.goal_remove, name="goal-remove"),
    path(f"{PLAN}/metas/<int:number>/restaurar/", goals.goal_restore, name="goal-restore"),
    path(f"{PLAN}/coherencia/", coherence.coherence, name="coherence"),
    path(f"{PLAN}/coherencia/arreglar/", coherence.fix, name="fix"),
    # the plan's page, its life (SM-1), its review and its versions
    path("revision/", review.review_queue, name="review-queue"),
    path("observaciones/<int:pk>/responder/", review.observation_answer, name="observation-answer"),
    path(f"{PLAN}/", plan.plan, name="plan"),
    path(f"{PLAN}/identificacion/", plan.identification, name="identification"),
    path(f"{PLAN}/enviar/", plan.submit, name="submit"),
    path(f"{PLAN}/oficializar/", plan.make_official, name="make-official"),
    path(f"{PLAN}/publicar/", plan.publish, name="publish"),
    path(f"{PLAN}/cerrar/", plan.close, name="close"),
    path(f"{PLAN}/revision/", review.review, name="review"),
    path(f"{PLAN}/revision/devolver/", review.send_back, name="send-back"),
    path(f"{PLAN}/revision/validar/", review.validate, name="validate"),
    path(f"{PLAN}/revision/verificar/", review.check, name="check"),
    path(f"{PLAN}/observaciones/nueva/", review.observation_new, name="observation-new"),
    path(f"{PLAN}/versiones/", versions.versions, name="versions"),
    path(f"{PLAN}/versiones/<int:number>/", versions.version, name="version"),
    path(f"{PLAN}/versiones/<int:before>/<int:after>/", versions.version_diff, name="version-diff"),
    # the citizen consultation, inside
    path(f"{PLAN}/consulta/", consultation.consultation, name="consultation"),
    path(f"{PLAN}/consulta/abrir/", consultation.consultation_open, name="consultation-open"),
    path(f"{PLAN}/consulta/eximir/", consultation.consultation_waive, name="consultation-waive"),
    path(f"{PLAN}/consulta/aportes/nuevo/", consultation.contribution_record, name="contribution-record"),
    path("aportes/<int:pk>/responder/", consultation.contribution_answer, name="contribution-answer"),
    # Excel both ways
    path(f"{PLAN}/excel/", workbook.workbook, name="workbook"),
    path(f"{PLAN}/excel/descargar/", workbook.export, name="workbook-export"),
    path(f"{PLAN}/excel/cargar/", workbook.upload, name="workbook-upload"),
    path(f"{PLAN}/excel/<uuid:pk>/", workbook.workbook_preview, name="workbook-preview"),
    path(f"{PLAN}/excel/<uuid:pk>/aplicar/", workbook.apply, name="workbook-apply"),
    path(f"{PLAN}/excel/<uuid:pk>/anotado/", workbook.annotated, name="workbook-annotated"),
]
