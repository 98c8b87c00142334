"""Addresses of `pes`: the document of a PES, its sections and their comments."""

from django.urls import URLPattern, path

from pes.views import writing, writing_comments, writing_section

DOCUMENT = "sectores/<slug:slug>/pes/<int:first>/documento/"
SECTION = DOCUMENT + "secciones/<int:pk>/"
COMMENT = SECTION + "comentarios/<int:comment>/"

urlpatterns: list[URLPattern] = [
    path(DOCUMENT, writing.document, name="document"),
    path(DOCUMENT + "abrir/", writing.document_open, name="document-open"),
    path(DOCUMENT + "poner-al-dia/", writing.document_renew, name="document-renew"),
    path(DOCUMENT + "responsables/", writing.document_assign, name="document-assign"),
    path(DOCUMENT + "capitulos/<int:pk>/titulo/", writing.chapter_rename, name="chapter-rename"),
    path(SECTION, writing_section.section, name="section"),
    path(SECTION + "guardar/", writing_section.section_save, name="section-save"),
    path(SECTION + "limpiar/", writing_section.section_clean, name="section-clean"),
    path(SECTION + "lista/", writing_section.section_finish, name="section-finish"),
    path(SECTION + "seguir/", writing_section.section_resume, name="section-resume"),
    path(SECTION + "historia/", writing_section.section_history, name="section-history"),
    path(SECTION + "historia/<int:number>/restaurar/", writing_section.section_restore, name="section-restore"),
    path(SECTION + "comentar/", writing_comments.section_comment, name="section-comment"),
    path(COMMENT + "responder/", writing_comments.comment_answer, name="comment-answer"),
    path(COMMENT + "resolver/", writing_comments.comment_resolve, name="comment-resolve"),
    path(COMMENT + "reabrir/", writing_comments.comment_reopen, name="comment-reopen"),
]
