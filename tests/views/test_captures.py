import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from claims.choices import Health, JobKind
from claims.intake import files
from claims.models import Capture, Document, Evidence, Job, SourceDomain
from tests import factories
from tests.intake.sheets import xlsx

HOSTILE = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)


def upload(name="notes.txt", data=b"Japan ranks ninth.", kind="text/html"):
    return SimpleUploadedFile(name, data, content_type=kind)


def file_evidence(source, **values):
    return {
        "file": upload(),
        "stance": "supports",
        "quote": "ranks ninth",
        "source": source.name,
        "credibility": "2",
    } | {
        "provenance": "found",
        **values,
    }


@pytest.mark.parametrize("data", [HOSTILE, PNG, b"<script>alert(1)</script>", b"MZ" + bytes(60)])
def test_what_came_leaves_only_as_a_download_that_nothing_runs(signed_in, reader, data):
    made = factories.capture(data=data)
    response = signed_in(reader).get(reverse("capture_raw", args=[made.pk]))
    assert response.content == data
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Content-Type"] in ("application/octet-stream", "text/plain; charset=utf-8")


def test_a_pdf_leaves_as_one(signed_in, reader):
    made = factories.capture(data=b"%PDF-1.7 damaged")
    assert signed_in(reader).get(reverse("capture_raw", args=[made.pk]))["Content-Type"] == "application/pdf"


def test_a_file_that_was_altered_is_not_given_out(signed_in, reader):
    made = factories.capture(data=b"Words that are altered.")
    files.default_storage.delete(files.name_of(made.raw_sha256))
    response = signed_in(reader).get(reverse("capture_raw", args=[made.pk]))
    assert response.status_code == 409


def test_an_upload_has_no_archive(signed_in, reader):
    made = factories.capture()
    assert signed_in(reader).get(reverse("capture_warc", args=[made.pk])).status_code == 404


def test_every_attempt_is_listed_with_what_it_kept(signed_in, reader, django_assert_max_num_queries):
    document = factories.document()
    for number in range(3):
        factories.capture(document=document, data=f"Japan ranks {number}.".encode())
    client = signed_in(reader)
    with django_assert_max_num_queries(10):
        page = client.get(reverse("document_captures", args=[document.pk]))
    text = page.content.decode()
    assert [row.number for row in page.context_data["page"].rows] == [3, 2, 1]
    assert "SHA-256 of the bytes" in text
    assert "Capture this file" not in text


def test_what_became_of_each_quote_is_shown_word_by_word(signed_in, reader):
    document = factories.document()
    factories.capture(document=document, data=b"By its budget, Japan ranks ninth in the whole world.")
    factories.evidence_for(factories.claim(), document=document, quote="Japan ranks ninth in the whole world")
    factories.capture(document=document, data=b"By its budget, Japan ranks tenth in the whole world.")
    text = signed_in(reader).get(reverse("document_captures", args=[document.pk])).content.decode()
    assert "1 says something else now" in text
    assert "<del>ninth</del>" in text
    assert "<ins>tenth</ins>" in text


def test_a_capture_is_started_in_the_background(signed_in, analyst):
    document = factories.document(url="https://www.example.org/table")
    response = signed_in(analyst).post(reverse("document_capture", args=[document.pk]))
    job = Job.objects.get(kind=JobKind.CAPTURE)
    assert (response.status_code, response.url, job.document) == (303, job.get_absolute_url(), document)


def test_trying_again_leads_back_to_where_the_evidence_is(signed_in, analyst):
    document = factories.document(url="http://www.example.org:9/table")
    claim = factories.claim()
    piece = factories.evidence_for(claim, document=document)
    client, path = signed_in(analyst), claim.get_absolute_url()
    assert f'name="next" value="{path}"' in client.get(path).content.decode()
    response = client.post(reverse("document_capture", args=[document.pk]), {"next": path})
    assert (response.status_code, response.url) == (303, path)
    factories.run_jobs()
    there = {"HX-Request": "true", "HX-Current-URL": "http://testserver/documents/1/?claim=1"}
    answer = client.get(reverse("evidence_capture", args=[piece.pk]), headers=there).content.decode()
    assert 'name="next" value="/documents/1/?claim=1"' in answer


def test_a_document_without_an_address_asks_for_a_file(signed_in, analyst):
    document = factories.document()
    response = signed_in(analyst).post(reverse("document_capture", args=[document.pk]))
    assert (response.status_code, Job.objects.count()) == (422, 0)
    assert "Choose a file" in response.content.decode()


def test_a_file_that_was_not_chosen_is_asked_for_also_when_there_is_an_address(signed_in, analyst):
    document = factories.document(url="https://www.example.org/table")
    address = reverse("document_capture", args=[document.pk])
    assert signed_in(analyst).post(address, {"from": "file"}).status_code == 422


def test_a_document_is_captured_from_a_file(signed_in, analyst):
    document = factories.document()
    signed_in(analyst).post(reverse("document_capture", args=[document.pk]), {"file": upload()})
    factories.run_jobs()
    assert document.captures.get().filename == "notes.txt"


def test_a_suggestion_is_taken_over_one_by_one(signed_in, analyst):
    document = factories.document(title="Trends")
    made = factories.capture(document=document, data=b"<html><title>Trends in budgets</title><p>Japan ranks ninth.")
    address = reverse("capture_accept", args=[made.pk])
    signed_in(analyst).post(address, {"name": "title", "version": document.version})
    document.refresh_from_db()
    assert document.title == made.found["title"]


def test_a_suggestion_over_what_someone_changed_meanwhile_is_refused(signed_in, analyst):
    document = factories.document(title="Trends")
    made = factories.capture(document=document, data=b"# Trends in budgets\n\nJapan ranks ninth.")
    Document.objects.filter(pk=document.pk).update(version=7)
    response = signed_in(analyst).post(reverse("capture_accept", args=[made.pk]), {"name": "title", "version": 1})
    document.refresh_from_db()
    assert (response.status_code, document.title) == (409, "Trends")


@pytest.mark.parametrize("name", ["", "url", "note", "completed_by", "health"])
def test_only_what_a_text_says_of_itself_can_be_taken_over(signed_in, analyst, name):
    made = factories.capture()
    assert signed_in(analyst).post(reverse("capture_accept", args=[made.pk]), {"name": name}).status_code == 400


def test_adding_a_new_address_as_evidence_captures_it_once(signed_in, analyst):
    client, values = signed_in(analyst), {"stance": "supports", "finding": "So.", "credibility": "2"}
    for claim in (factories.claim(), factories.claim()):
        address = reverse("evidence_add", args=[claim.pk])
        client.post(address, {**values, "url": "https://www.example.org/table", "provenance": "found"})
    assert (Evidence.objects.count(), Job.objects.filter(kind=JobKind.CAPTURE).count()) == (2, 1)


def test_a_claim_says_why_its_evidence_is_not_captured_and_offers_to_try_again(signed_in, analyst):
    document = factories.document(url="http://www.example.org:9/table")
    claim = factories.claim()
    factories.evidence_for(claim, document=document)
    client = signed_in(analyst)
    assert "Capture now" in client.get(claim.get_absolute_url()).content.decode()
    client.post(reverse("document_capture", args=[document.pk]))
    factories.run_jobs()
    text = client.get(claim.get_absolute_url()).content.decode()
    assert "is not one that pages are fetched from" in text
    assert "Try again" in text


def test_a_file_becomes_evidence(signed_in, analyst):
    claim, source = factories.claim(), factories.source()
    response = signed_in(analyst).post(reverse("evidence_file_add", args=[claim.pk]), file_evidence(source))
    factories.run_jobs()
    piece = claim.evidence.get()
    assert (response.status_code, piece.document.title, piece.quote_status) == (303, "notes.txt", "found")


def test_the_same_file_is_one_document(signed_in, analyst):
    source, client = factories.source(), signed_in(analyst)
    for claim in (factories.claim(), factories.claim()):
        client.post(reverse("evidence_file_add", args=[claim.pk]), file_evidence(source, file=upload()))
        factories.run_jobs()
    assert (Document.objects.filter(title="notes.txt").count(), Capture.objects.count()) == (1, 1)


def test_a_picture_is_evidence_without_a_text(signed_in, analyst):
    claim = factories.claim()
    values = file_evidence(factories.source(), file=upload("photo.png", PNG, "image/png"), finding="A table.", quote="")
    signed_in(analyst).post(reverse("evidence_file_add", args=[claim.pk]), values)
    factories.run_jobs()
    assert Capture.objects.get().outcome == "no_text"


@pytest.mark.parametrize("missing", ["file", "source", "stance"])
def test_a_file_without_what_it_needs_is_asked_for(signed_in, analyst, missing):
    claim = factories.claim()
    values = file_evidence(factories.source())
    del values[missing]
    response = signed_in(analyst).post(reverse("evidence_file_add", args=[claim.pk]), values)
    assert (response.status_code, claim.evidence.exists()) == (422, False)


def _linked(health, **fields):
    document = factories.document(**{"url": f"https://www.example.org/{Document.objects.count()}", **fields})
    factories.evidence_for(factories.claim(), document=document)
    Document.objects.filter(pk=document.pk).update(health=health)
    return document


def test_links_are_listed_by_their_state(signed_in, reader):
    gone, same = _linked(Health.GONE), _linked(Health.SAME)
    factories.document(url="https://www.example.org/nobody-rests-on-it")
    client, address = signed_in(reader), reverse("link_list")
    assert client.get(address).context_data["page"].rows == [same, gone]
    assert client.get(address, {"state": "gone"}).context_data["page"].rows == [gone]
    counts = {one["value"]: one["count"].number for one in client.get(address).context_data["states"]}
    assert (counts["gone"], counts["same"], counts["changed"]) == (1, 1, 0)


def test_the_number_of_queries_for_links_does_not_grow_with_them(signed_in, reader, django_assert_num_queries):
    client, address = signed_in(reader), reverse("link_list")
    _linked(Health.SAME)
    with django_assert_num_queries(12):
        client.get(address)
    for _ in range(5):
        _linked(Health.GONE)
    with django_assert_num_queries(12):
        client.get(address)


def test_the_ticked_links_are_looked_at_again(signed_in, analyst):
    ticked, _ = _linked(Health.GONE), _linked(Health.GONE)
    values = {"document": [str(ticked.pk), "nonsense", "-1"], "next": reverse("link_list")}
    response = signed_in(analyst).post(reverse("link_recheck"), values)
    assert (response.status_code, [job.document for job in Job.objects.all()]) == (303, [ticked])


def test_a_piece_says_that_its_page_is_being_captured_and_asks_until_it_is(signed_in, analyst):
    document = factories.document(url="http://www.example.org:9/table")
    claim = factories.claim()
    piece = factories.evidence_for(claim, document=document, quote="ranks ninth")
    client, address = signed_in(analyst), reverse("evidence_capture", args=[piece.pk])
    client.post(reverse("document_capture", args=[document.pk]))
    page = client.get(claim.get_absolute_url()).content.decode()
    assert "Being captured" in page
    assert f'hx-get="{address}"' in page
    assert client.get(address, headers={"HX-Request": "true"}).status_code == 204
    factories.run_jobs()
    answer = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "Try again" in answer
    assert "hx-get" not in answer
    assert client.get(address).url == f"{claim.get_absolute_url()}#evidence-{piece.pk}"


def test_links_say_which_are_being_looked_at(signed_in, analyst):
    _linked(Health.GONE)
    client, values = signed_in(analyst), {"document": Document.objects.latest("pk").pk}
    assert "Being looked at" not in client.get(reverse("link_list")).content.decode()
    client.post(reverse("link_recheck"), values)
    assert "Being looked at" in client.get(reverse("link_list")).content.decode()


def test_evidence_may_be_on_an_admitted_host_of_the_own_network(signed_in, analyst, settings):
    settings.FETCH_ALLOWED_HOSTS = ["wiki.internal:8080"]
    client, claim = signed_in(analyst), factories.claim()
    values = {"stance": "supports", "finding": "So.", "credibility": "2", "provenance": "found"}
    client.post(reverse("evidence_add", args=[claim.pk]), {**values, "url": "http://wiki.internal:8080/table"})
    client.post(reverse("evidence_add", args=[claim.pk]), {**values, "url": "http://other.internal/table"})
    assert [piece.document.url for piece in claim.evidence.all()] == ["http://wiki.internal:8080/table"]


def test_a_spreadsheet_is_evidence_with_its_text(signed_in, analyst):
    claim = factories.claim()
    data = xlsx([["Country", "Spending"], ["Japan", 45992.07]], formats={"B2": "#,##0.0"})
    values = file_evidence(factories.source(), file=upload("budgets.xlsx", data), quote="Japan | 45,992.1")
    signed_in(analyst).post(reverse("evidence_file_add", args=[claim.pk]), values)
    factories.run_jobs()
    assert claim.evidence.get().quote_status == "found"


def test_whose_the_site_is_that_answered_is_suggested_and_taken_over(signed_in, analyst):
    named, publisher = factories.source("The Paper"), factories.source("The Institute")
    SourceDomain.objects.create(source=publisher, host="example.org")
    document = factories.document(source=named, url="https://example.org/report")
    made = Capture.objects.create(
        document=document, number=1, origin="fetched", outcome="captured", raw_sha256="a" * 64, raw_size=1,
        final_url="https://www.example.org/report", asked_by=analyst,
    )  # fmt: skip
    client = signed_in(analyst)
    assert "The Institute" in client.get(reverse("document_captures", args=[document.pk])).content.decode()
    address = reverse("capture_accept", args=[made.pk])
    client.post(address, {"name": "source", "version": document.version})
    document.refresh_from_db()
    assert document.source == publisher
