"""Addresses of `pes`: approval, versions, and the adopted PES for everybody."""

from django.urls import URLPattern, path

from pes.views import approval, approval_acts, approval_answers, approval_entities, approval_public, approval_versions

PES = "sectores/<slug:slug>/pes/<int:first>"
ROOM, VERSIONS, PUBLIC = f"{PES}/aprobacion", f"{PES}/versiones", "publico/pes"
ENTITY = f"{ROOM}/<int:number>/entidades/<slug:code>"

urlpatterns: list[URLPattern] = [
    path(f"{ROOM}/", approval.room, name="approval"),
    path(f"{ROOM}/presentar/", approval.present_version, name="approval-present"),
    path(f"{ROOM}/retirar/", approval.withdraw_it, name="approval-withdraw"),
    path(f"{ROOM}/observaciones/", approval_answers.observations, name="approval-observations"),
    path(f"{ROOM}/observaciones/<int:pk>/responder/", approval_answers.answer_it, name="approval-answer"),
    path(f"{ROOM}/observaciones/<int:pk>/insistir/", approval_entities.insist_on, name="approval-insist"),
    path(f"{ROOM}/entidades/<slug:code>/", approval_entities.entity, name="approval-entity"),
    path(f"{ENTITY}/leer/", approval_entities.read_it, name="approval-read"),
    path(f"{ENTITY}/observar/", approval_entities.observe_it, name="approval-observe"),
    path(f"{ENTITY}/aprobar/", approval_entities.approve_it, name="approval-approve"),
    path(f"{ENTITY}/no-aprobar/", approval_entities.decline_it, name="approval-decline"),
    path(f"{ROOM}/<int:number>/pedir/", approval.request_it, name="approval-request"),
    path(f"{ROOM}/<int:number>/comite/", approval_acts.session, name="approval-session"),
    path(f"{ROOM}/<int:number>/adoptar/", approval_acts.adopt_it, name="approval-adopt"),
    path(f"{ROOM}/adopcion-anterior/", approval_acts.earlier, name="approval-earlier"),
    path(f"{ROOM}/actos/<int:pk>/corregir/", approval_acts.correct_it, name="approval-correct"),
    path(f"{ROOM}/adopciones/<int:pk>/derogar/", approval_acts.repeal_it, name="approval-repeal"),
    path(f"{ROOM}/adopciones/<int:pk>/publicar/", approval_acts.publish_it, name="approval-publish"),
    path(f"{VERSIONS}/", approval_versions.versions, name="versions"),
    path(f"{VERSIONS}/borrador/", approval_versions.draft, name="version-draft"),
    path(f"{VERSIONS}/borrador/generar/", approval_versions.draft_ask, name="version-draft-ask"),
    path(f"{VERSIONS}/borrador/archivos/<slug:suffix>/", approval_versions.draft_file, name="version-draft-file"),
    path(f"{VERSIONS}/<int:number>/", approval_versions.version, name="version"),
    path(f"{VERSIONS}/<int:before>/frente-a/<int:after>/", approval_versions.version_diff, name="version-diff"),
    path(f"{VERSIONS}/<int:number>/generar/", approval_versions.files_ask, name="version-files-ask"),
    path(f"{VERSIONS}/<int:number>/<slug:stage>/<slug:suffix>/", approval_versions.version_file, name="version-file"),
    path(f"{PUBLIC}/", approval_public.plans, name="public-pes-list"),
    path(f"{PUBLIC}/<slug:slug>/<int:first>/", approval_public.plan, name="public-pes"),
    path(f"{PUBLIC}/<slug:slug>/<int:first>/<int:pk>/acto/", approval_public.act_file, name="public-pes-act"),
    path(
        f"{PUBLIC}/<slug:slug>/<int:first>/<int:pk>/<slug:suffix>/", approval_public.plan_file, name="public-pes-file"
    ),
]
