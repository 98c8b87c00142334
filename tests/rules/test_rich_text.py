"""Rich text: what gets in, in one spelling, both ways through the plain box, within limits (PD1, PD3, DA10)."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from pes.rules.problems import Refused
from pes.rules.rich_markup import from_markup, to_markup
from pes.rules.rich_text import blocks, parse, text_of, words_of
from pes.rules.writing import MOST_CHARACTERS, MOST_DEPTH, MOST_ROWS, MOST_TABLES
from pes.writing.rich import clean
from tests.answers import codes

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<a href='javascript:alert(1)'>x</a><a href='JaVaScRiPt&colon;alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a><a href='//ejemplo.invalid'>x</a>",
    "<a href='https://ejemplo.invalid' onclick=alert(1) style='x:y' target=_blank>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe><object data=x></object><embed src=x>",
    "<form action=https://ejemplo.invalid><input name=x><button formaction=javascript:alert(1)>",
    "<img src=http://169.254.169.254/><link rel=stylesheet href=//x><style>@import 'x'</style>",
    "<figure data-live='x\" onload=\"alert(1)'></figure><figure data-live='a'><img src=x onerror=alert(1)></figure>",
    "<table background=javascript:alert(1)><caption onclick=x>c</caption><tr><td onmouseover=x>1</table>",
    "<p id=contenido class=btn data-pes-report hx-get=/x>x</p><base href=//x><meta http-equiv=refresh content=0>",
    "{{ 7|add:7 }}{% csrf_token %}<template><img src=x onerror=alert(1)></template>",
)  # fmt: skip
KEPT = {"p", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "br", "a", "figure",
        "table", "caption", "thead", "tbody", "tr", "th", "td"}  # fmt: skip
SPELLED = (
    "<p>Uno <strong>dos <em>tres</em></strong> y <em>cuatro <strong>cinco</strong></em><br>seis</p>",
    "<h3>Título</h3><p># no es título<br>- ni lista * ** _ [x](y) \\ | fin</p><h4>Sub</h4>",
    "<ul><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ul><blockquote><p>e</p><p>f<br>g</p></blockquote>",
    '<p><a href="https://bogota.gov.co/?a=1&amp;b=2">enlace [1]</a></p><figure data-live="objetivos"></figure>',
    (
        "<table><caption>Cap | 1</caption><thead><tr>"
        '<th scope="col">A</th><th scope="col">B</th></tr></thead><tbody><tr><th scope="row">1</th><td>2 | 3</td></tr>'
        "<tr><td>x</td><td></td></tr></tbody></table>"
    ),
)


class Marks(HTMLParser):
    """Every element and attribute of a text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes = set(), []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs


@pytest.mark.rule("DA10")
@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_acts_gets_into_a_text(attack):
    found = clean(f"<p>antes</p>{attack}<p>después</p>")

    marks = Marks(found)
    assert marks.tags <= KEPT
    assert {name for name, _ in marks.attributes} <= {"href", "scope", "data-live"}
    assert all(value.startswith("https://") for name, value in marks.attributes if name == "href")
    assert clean(found) == found


@pytest.mark.parametrize("html", SPELLED)
def test_what_was_cleaned_is_the_same_cleaned_again_and_through_the_plain_box(html):
    assert clean(html) == html
    assert clean(from_markup(to_markup(blocks(parse(html))))) == html


def test_foreign_mark_up_is_reduced_to_ours():
    given = "<div>uno</div><div>dos <b>b</b></div>suelto<h1>T</h1><ul><li><p>a</p></li><ul><li>b</li></ul></ul>"

    assert clean(given) == (
        "<p>uno</p><p>dos <strong>b</strong></p><p>suelto</p><h3>T</h3><ul><li>a<ul><li>b</li></ul></li></ul>"
    )


def test_headings_go_down_one_level_at_a_time():
    assert clean("<h4>a</h4><h3>b</h3><h4>c</h4>") == "<h3>a</h3><h3>b</h3><h4>c</h4>"


def test_a_table_is_made_regular_and_its_first_row_heads_it():
    given = "<table><tr><td>A</td><td>B</td><td>C</td></tr><tr><th>1</th><td>2</td></tr><tr></tr></table>"

    assert clean(given) == (
        '<table><caption></caption><thead><tr><th scope="col">A</th><th scope="col">B</th><th scope="col">C</th></tr>'
        '</thead><tbody><tr><th scope="row">1</th><td>2</td><td></td></tr></tbody></table>'
    )


def test_words_are_those_that_people_read():
    html = clean(
        "<h3>Uno dos</h3><p>tres<br><a href='https://x.co'>cuatro</a></p><table><tr><td>5</td><td>6</td></tr></table>"
    )

    assert text_of(parse(html)).splitlines() == ["Uno dos", "tres", "cuatro", "5 | 6"]
    assert words_of("<p>tres <strong>cuatro</strong></p>") == 2


@pytest.mark.rule("PD3")
@pytest.mark.parametrize(
    ("html", "code"),
    [
        ("x" * (MOST_CHARACTERS + 1), "text_too_long"),
        ("<p class='m'></p>" * 60_000, "text_too_long"),
        ("<div>" * 20_000 + "x", "text_too_deep"),
        ("<ul><li>" * (MOST_DEPTH + 1) + "x", "text_too_deep"),
        ("<table><tr><td>1</td></tr></table>" * (MOST_TABLES + 1), "too_many_tables"),
        ("<table>" + "<tr><td>1</td></tr>" * (MOST_ROWS + 1) + "</table>", "table_too_long"),
    ],
    ids=["long", "given", "boxes", "lists", "tables", "rows"],
)
def test_a_text_beyond_the_limits_is_refused_with_words(html, code):
    with pytest.raises(Refused) as refused:
        clean(html)

    assert codes(refused) == [code]
    assert all(problem.fix for problem in refused.value.problems)
