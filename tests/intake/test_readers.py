"""What each format gives: the text with its paragraphs and headings, and what the file says about itself."""

import pytest

from claims.intake.readers import Format, Limits, Reading
from claims.intake.readers.decoding import decode
from claims.intake.readers.parse import parse
from claims.intake.sentences import paragraphs, sentences
from tests.intake.samples import PROSE, Typed, docx, html, paragraph, pdf


def read(data: bytes, filename: str = "", content_type: str = "") -> Reading:
    """In this process, which is quick; that the other one answers the same is tested among the hostile files."""
    return parse(data, filename=filename, content_type=content_type, limits=Limits())


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("naïve “quotes” – dash", "utf-8"),
        ("naïve “quotes” – dash", "utf-8-sig"),
        ("naïve “quotes” – dash", "utf-16"),
        ("Élysée „Grüße“ café naïve: Japan hält Wort. L’été déjà.", "cp1252"),
        ("Japonia ma dziewiąty budżet wojskowy świata, powiedział instytut źródłowy.", "cp1250"),
        ("Япония имеет девятый военный бюджет в мире.", "cp1251"),
        ("Япония имеет девятый военный бюджет в мире.", "koi8_r"),
        ("Η Ιαπωνία έχει τον ένατο μεγαλύτερο στρατιωτικό προϋπολογισμό", "cp1253"),
        ("日本は世界で九番目の軍事予算を持っている。", "shift_jis"),
        ("日本拥有世界第九大军事预算，研究所在报告中说。", "gb18030"),
    ],
)
def test_text_is_read_in_the_encoding_it_was_kept_in(text, encoding):
    reading = read(text.encode(encoding))
    assert (reading.text, reading.format) == (text, Format.TEXT)
    assert bool(reading.warnings) == (not encoding.startswith("utf"))


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        ("naïve".encode(), "iso-8859-1", "naïve"),
        ("it’s".encode("cp1252"), "iso-8859-1", "it’s"),
        ("日本".encode("iso2022_jp"), "ISO-2022-JP", "日本"),
        ("日本".encode("euc_jp"), "euc-jp", "日本"),
        (b"+ADw-script+AD4-", "utf-7", "+ADw-script+AD4-"),
        (b"61", "hex", "61"),
        (b"ab", "no-such-encoding", "ab"),
    ],
)
def test_a_declared_encoding_counts_where_it_can_be_true(data, declared, text):
    assert decode(data, declared=declared) == (text, ())


def test_a_few_broken_bytes_do_not_make_utf_8_something_else():
    reading = read(PROSE.encode() + b" \xff end")
    assert reading.text == f"{PROSE} \ufffd end"
    assert "1 places are broken UTF-8" in reading.warnings[0]


def test_plain_text_and_markdown_are_kept_as_they_are():
    text = "# Title #\n\n* one\n* *two*\n\n\n> quoted  \nline\n"
    reading = read(text.replace("\n", "\r\n").encode(), filename="notes.MD")
    assert (reading.text, reading.format, reading.title) == (text, Format.MARKDOWN, "Title")
    assert read(text.encode(), filename="notes.txt").format is Format.TEXT


PAGE = html(
    f"""<nav><a href="/">Home</a> <a href="/about">About us</a></nav>
    <article><h1>Japan’s budget</h1><p class="byline">By Ann Lee</p><p>{PROSE}</p>
    <h2>What it <em>buys</em></h2>
    <p>It is 10<sup>2</sup> times that of CO<sub>2</sub>, the 9<sup>th</sup> in a row.<br>A second line, {PROSE}</p>
    <ul><li>One item</li><li>Two items<ul><li>nested</li></ul></li></ul><ol><li>first</li><li>second</li></ol>
    <blockquote><p>“Quoted words of somebody.”</p></blockquote>
    <table><tr><th>Year</th><th>Budget</th></tr><tr><td>2022</td><td>46 billion</td></tr></table>
    <p>Said twice in the text, and that is kept.</p><p>Said twice in the text, and that is kept.</p></article>
    <footer>Copyright 2023, all rights reserved</footer><script>alert(1)</script>""",
    head='<title>Japan’s budget | The Paper</title><meta name="author" content="Ann Lee; Bo Ek">'
    '<meta property="article:published_time" content="2023-05-24T10:00:00Z">',
)


def test_a_page_gives_its_main_text_with_its_structure():
    assert read(PAGE, filename="page.html").text.split("\n\n") == [
        "# Japan’s budget",
        PROSE,
        "## What it buys",
        f"It is 10² times that of CO₂, the 9th in a row.\nA second line, {PROSE}",
        "- One item\n- Two items\n  - nested",
        "1. first\n2. second",
        "“Quoted words of somebody.”",
        "Year | Budget",
        "2022 | 46 billion",
        "Said twice in the text, and that is kept.",
        "Said twice in the text, and that is kept.",
    ]


def test_raised_numbers_after_a_sentence_are_notes_and_part_it_from_the_next():
    page = html(f"<article><p>{PROSE}<sup>12</sup> It grew by 10<sup>2</sup> “per cent.”<sup>3</sup></p></article>")
    text = read(page).text
    assert text == f"{PROSE}[12] It grew by 10² “per cent.”[3]"
    assert [text[start:end] for start, end in sentences(text)][-1] == "It grew by 10² “per cent.”[3]"


def test_lists_are_numbered_by_the_items_that_have_words():
    page = html("<ol><li><img src=a.png></li><li>one<ul><li>inner</li></ul></li><li></li><li>two</li></ol>")
    assert read(page).text == "1. one\n  - inner\n2. two"


def test_a_page_says_who_wrote_it_and_when():
    reading = read(PAGE)
    assert (reading.title, reading.authors) == ("Japan’s budget", ("Ann Lee", "Bo Ek"))
    assert (reading.published_on, reading.language, reading.warnings) == ("2023-05-24", "en-GB", ())


def test_dates_within_the_text_are_not_taken_for_the_pages():
    assert read(html(f"<article><p>On 24 May 2023, {PROSE}</p></article>")).published_on == ""


def test_a_headline_outside_the_main_text_is_a_part_of_it():
    page = html(f"<header><h1>Japan spends more</h1></header><article><p>{PROSE}</p><p>{PROSE} Again.</p></article>")
    assert read(page).text.startswith("# Japan spends more\n\nJapan has")


def test_a_page_of_few_words_is_taken_whole():
    reading = read(html("<div>Japan <b>has</b> a budget<p>of its own</p></div>", head="<title>Short</title>"))
    assert reading.text == "Japan has a budget\n\nof its own"
    assert reading.title == "Short"


def test_the_encoding_of_a_page_is_the_one_it_declares():
    body = "日本は世界で九番目の軍事予算を持っている。"
    page = f'<html><head><meta charset="shift_jis"></head><body><p>{body}</p></body></html>'
    assert read(page.encode("shift_jis")).text == body
    xhtml = f'<?xml version="1.0" encoding="shift_jis"?><html><body><p>{body}</p></body></html>'
    assert read(xhtml.encode("shift_jis")).text == body
    served = f"<html><body><p>{body}</p></body></html>".encode("euc_jp")
    assert read(served, content_type="text/html; charset=EUC-JP").text == body


LIST = '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'
NUMBERING = (
    '<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:abstractNum '
    'w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum><w:num w:numId="1">'
    '<w:abstractNumId w:val="0"/></w:num></w:numbering>'
)
NUMBERS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="n" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering" Target="numbering.xml"/>'
    "</Relationships>"
)


def test_a_docx_gives_its_text_with_its_structure():
    cell = f"<w:tc>{paragraph('2022')}</w:tc><w:tc>{paragraph('46 billion')}</w:tc>"
    raised = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r>'
    body = (
        paragraph("Japan’s budget", "Title")
        + paragraph("What it buys", "heading1")
        + paragraph("Small print", "heading7")
        + f"<w:p><w:r><w:t>10</w:t></w:r>{raised}<w:r><w:br/><w:t>next line</w:t></w:r></w:p>"
        + LIST.format("one")
        + LIST.format("two")
        + f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>"
    )
    parts = {"word/numbering.xml": NUMBERING, "word/_rels/document.xml.rels": NUMBERS}
    reading = read(docx(body, title="Budget", creator="Ann Lee;Bo Ek", parts=parts))
    assert reading.text.split("\n\n") == [
        *("# Japan’s budget", "# What it buys", "###### Small print", "10²\nnext line"),
        *("- one\n- two", "2022 | 46 billion"),
    ]
    assert (reading.title, reading.authors, reading.language) == ("Budget", ("Ann Lee", "Bo Ek"), "en-GB")


def test_tracked_changes_of_a_docx_are_read_as_if_accepted():
    body = (
        '<w:p><w:r><w:t xml:space="preserve">Japan is </w:t></w:r><w:del w:id="1"><w:r><w:delText>eighth</w:delText>'
        '</w:r></w:del><w:ins w:id="2"><w:r><w:t>ninth</w:t></w:r></w:ins></w:p>'
    )
    assert read(docx(body)).text == "Japan is ninth"


def typed(lines: list[str], *, top: float = 700, leading: float = 12, size: float = 10) -> list[Typed]:
    return [Typed(line, top - number * leading, size=size) for number, line in enumerate(lines)]


def test_a_pdf_gives_paragraphs_and_headings_and_not_lines():
    page = [
        Typed("Japan's budget", 760, size=20),
        Typed("What it buys", 730, size=14),
        *typed(["Japan has the world's ninth-", "largest budget. It wants to be-", "come the third in 2027, as the"]),
        *typed(["institute said.", "This is another paragraph, the ninth, as", "long as the largest one."], top=640),
    ]
    page[5] = Typed("institute said in its report.", 664)
    reading = read(
        pdf(page, info="/Title (Budget) /Author (Ann Lee; Bo Ek)", catalog="/Lang (en-GB)"), filename="a.pdf"
    )
    assert reading.text.split("\n\n") == [
        "# Japan's budget",
        "## What it buys",
        "Japan has the world's ninth-largest budget. It wants to become the third in 2027, as the institute said in its"
        " report.",
        "This is another paragraph, the ninth, as long as the largest one.",
    ]
    assert (reading.title, reading.authors, reading.language) == ("Budget", ("Ann Lee", "Bo Ek"), "en-GB")
    assert reading.published_on == ""  # when a PDF was made is not when it was published


def test_a_page_of_pictures_among_others_is_mentioned():
    reading = read(pdf(typed(["Japan has a budget."]), [], typed(["It is large."])))
    assert reading.warnings == ("Without text, perhaps pictures: page 2.",)


def test_headings_and_paragraphs_come_out_as_the_sentences_expect_them():
    for data in (PAGE, docx(paragraph("What it buys", "heading2") + paragraph(PROSE))):
        reading = read(data)
        headings = [reading.text[found.start : found.end] for found in paragraphs(reading.text) if found.is_heading]
        assert "## What it buys" in headings
