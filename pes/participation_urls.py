"""Addresses of `pes`: participation."""

from django.urls import URLPattern, path

from pes.views import dofa, dofa_acts, public_surveys, surveys

PLAN = "sectores/<slug:slug>/pes/<int:first>/"
BOARD = f"{PLAN}dofa/<int:pk>/"
SURVEY = f"{PLAN}encuestas/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path(f"{PLAN}dofa/", dofa.boards, name="dofa"),
    path(f"{PLAN}dofa/nuevo/", dofa.board_new, name="dofa-new"),
    path(BOARD, dofa.board, name="dofa-board"),
    path(f"{BOARD}corregir/", dofa.board_edit, name="dofa-edit"),
    path(f"{BOARD}cambios/", dofa.board_poll, name="dofa-poll"),
    path(f"{BOARD}matriz.xlsx", dofa.board_xlsx, name="dofa-xlsx"),
    path(f"{BOARD}matriz.pdf", dofa.board_pdf, name="dofa-pdf"),
    path(f"{BOARD}matriz.pdf/preparar/", dofa_acts.pdf_make, name="dofa-pdf-make"),
    path(f"{BOARD}notas/nueva/", dofa_acts.note_new, name="dofa-note-new"),
    path(f"{BOARD}notas/mover/", dofa_acts.notes_move, name="dofa-notes-move"),
    path(f"{BOARD}notas/<int:note>/corregir/", dofa_acts.note_edit, name="dofa-note-edit"),
    path(f"{BOARD}notas/<int:note>/retirar/", dofa_acts.note_withdraw, name="dofa-note-withdraw"),
    path(f"{BOARD}grupos/nuevo/", dofa_acts.group_new, name="dofa-group-new"),
    path(f"{BOARD}grupos/<int:group>/nombrar/", dofa_acts.group_edit, name="dofa-group-edit"),
    path(f"{BOARD}grupos/<int:group>/deshacer/", dofa_acts.group_dissolve, name="dofa-group-dissolve"),
    path(f"{BOARD}votar/", dofa_acts.vote, name="dofa-vote"),
    path(f"{BOARD}votar/retirar/", dofa_acts.vote_back, name="dofa-vote-back"),
    path(f"{BOARD}agrupar/", dofa_acts.group_phase, name="dofa-group-phase"),
    path(f"{BOARD}recoger/", dofa_acts.collect_again, name="dofa-collect-again"),
    path(f"{BOARD}votacion/", dofa_acts.call_vote, name="dofa-call-vote"),
    path(f"{BOARD}reagrupar/", dofa_acts.group_again, name="dofa-group-again"),
    path(f"{BOARD}cerrar/", dofa_acts.close, name="dofa-close"),
    path(f"{PLAN}encuestas/", surveys.surveys, name="surveys"),
    path(f"{PLAN}encuestas/nueva/", surveys.survey_new, name="survey-new"),
    path(SURVEY, surveys.survey, name="survey"),
    path(f"{SURVEY}corregir/", surveys.survey_edit, name="survey-edit"),
    path(f"{SURVEY}abrir/", surveys.survey_open, name="survey-open"),
    path(f"{SURVEY}cerrar/", surveys.survey_close, name="survey-close"),
    path(f"{SURVEY}reabrir/", surveys.survey_reopen, name="survey-reopen"),
    path(f"{SURVEY}publicar/", surveys.survey_publish, name="survey-publish"),
    path(f"{SURVEY}abiertas/<int:text>/mostrar/", surveys.text_show, name="survey-text-show"),
    path(f"{SURVEY}abiertas/<int:text>/ocultar/", surveys.text_hide, name="survey-text-hide"),
    path(f"{SURVEY}papel/nuevo/", surveys.count_new, name="survey-count-new"),
    path(f"{SURVEY}papel/<int:batch>/corregir/", surveys.count_edit, name="survey-count-edit"),
    path(f"{SURVEY}papel/<int:batch>/retirar/", surveys.count_withdraw, name="survey-count-withdraw"),
    path(f"{SURVEY}resultados.xlsx", surveys.survey_xlsx, name="survey-xlsx"),
    path("publico/encuestas/", public_surveys.surveys, name="public-surveys"),
    path("publico/encuestas/<str:token>/", public_surveys.survey, name="public-survey"),
]
