"""Administration without a shell."""

from django.urls import path

from pes.views import audit, calendar, home, invitations, methodology, people, units

app_name = "administration"
urlpatterns = [
    path("", home.administration, name="index"),
    path("invitacion/<str:token>/", invitations.invitation, name="invitation"),
    path("personas/", people.people_list, name="people"),
    path("personas/invitar/", people.invite, name="person-invite"),
    path("personas/<int:pk>/", people.person, name="person"),
    path("personas/<int:pk>/roles/nuevo/", people.grant, name="membership-grant"),
    path("personas/<int:pk>/desactivar/", people.deactivate, name="person-deactivate"),
    path("personas/<int:pk>/reactivar/", people.reactivate, name="person-reactivate"),
    path("personas/<int:pk>/invitar-otra-vez/", people.resend, name="invitation-resend"),
    path("roles/<int:pk>/terminar/", people.end, name="membership-end"),
    path("unidades/", units.tree, name="units"),
    path("unidades/agregar/", units.add, name="unit-new"),
    path("unidades/<slug:code>/", units.unit, name="unit"),
    path("unidades/<slug:code>/desactivar/", units.deactivate, name="unit-deactivate"),
    path("unidades/<slug:code>/reactivar/", units.reactivate, name="unit-reactivate"),
    path("calendario/", calendar.calendar, name="calendar"),
    path("calendario/agregar/", calendar.add, name="day-new"),
    path("calendario/<int:pk>/retirar/", calendar.remove, name="day-remove"),
    path("metodologia/", methodology.methodologies, name="methodology"),
    path("metodologia/abrir-vigencia/", methodology.open_vigencia, name="vigencia-new"),
    path("metodologia/<int:year>/", methodology.methodology, name="methodology-year"),
    path("metodologia/<int:year>/borrador/", methodology.save_draft, name="methodology-draft"),
    path("metodologia/<int:year>/publicar/", methodology.publish, name="methodology-publish"),
    path("bitacora/", audit.browser, name="audit"),
    path("bitacora/verificacion/", audit.verification, name="audit-verification"),
]
