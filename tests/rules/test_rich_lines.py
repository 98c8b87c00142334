"""Two texts beside each other: whatever a save could lose is in some line of them (WF3)."""

from __future__ import annotations

import pytest

from pes.rules.rich_lines import legend_of, lines_of
from pes.rules.rich_text import parse

TITLES = {"programas-pdd": "Programas del PDD"}
TABLE = (
    '<table><caption>Cifras</caption><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>'
    '<tbody><tr><th scope="row">1</th><td>2<br>3</td></tr></tbody></table>'
)


def lines(html):
    return lines_of(parse(html), TITLES)


@pytest.mark.rule("WF3")
@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<p>Uno <strong>dos </strong>tres</p>", ["Uno **dos** tres"]),
        ("<p><em>Uno</em><br>dos</p>", ["_Uno_ ↵ dos"]),
        ('<p><a href="https://a.co/">aquí</a></p>', ["aquí ⟨https://a.co/⟩"]),
        ("<h3>Uno</h3><h4>Dos</h4>", ["Título: Uno", "Subtítulo: Dos"]),
        ("<ul><li>a<ol><li>b</li></ol></li></ul>", ["Viñeta: a", "Numerado de nivel 2: b"]),
        ("<blockquote><p>a</p><p>b</p></blockquote>", ["Cita: a", "Cita: b"]),
        (TABLE, ["Tabla: Cifras", "Encabezados: A | B", "Fila: **1** | 2 ↵ 3"]),
        ('<figure data-live="programas-pdd"></figure>', ["Tabla de datos: Programas del PDD"]),
        ('<figure data-live="ya-no-esta"></figure>', ["Tabla de datos: ya-no-esta"]),
        ("", []),
    ],
)
def test_a_line_says_words_formats_addresses_and_live_tables(html, said):
    assert lines(html) == said


def test_the_legend_explains_only_the_signs_that_are_there():
    assert legend_of(["Uno mi_archivo.csv"]) == ""
    assert legend_of(["**Uno**", "_dos_ ↵"]) == "**…** es negrita; _…_ es cursiva; ↵ es un salto de línea."
    assert legend_of(lines('<p><a href="https://a.co/">aquí</a></p>')) == "⟨…⟩ es la dirección de un enlace."
