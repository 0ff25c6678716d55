"""Importing claims on the web: the file, its columns with a preview, the job, and what it refused."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from claims import jobs
from claims.choices import JobState
from claims.models import Claim, Job, Upload, User
from claims.views import claim_import_preview
from tests import factories

SignIn = Callable[[User], Client]
PREVIEW = {"HX-Request": "true", "HX-Target": "preview"}
DATA = "Statement,Type,Date\nOne.,ranking,May 2023\nTwo.,rumour,\n"
CHOSEN = {"in_assertion": "Statement", "in_kind": "Type", "in_as_of": "Date", "default_kind": "event"}


def body(response: Any) -> str:
    return str(response.content.decode())


def sent(client: Client, data: str | bytes = DATA, name: str = "claims.csv", **fields: str) -> Any:
    content = data.encode() if isinstance(data, str) else data
    return client.post("/claims/import/", {"file": SimpleUploadedFile(name, content), **fields})


def kept(by: User, data: str = DATA, name: str = "claims.csv") -> str:
    upload = jobs.keep_upload(by=by, name=name, content_type="text/csv", data=data.encode())
    return f"/claims/import/{upload.pk}/"


class TestFile:
    def test_the_page_asks_for_a_file_and_says_how_large_it_may_be(
        self, signed_in: SignIn, analyst: User, settings: Settings
    ) -> None:
        page = signed_in(analyst).get("/claims/import/")
        assert page.status_code == 200
        assert 'type="file"' in body(page)
        assert f'data-max-bytes="{settings.READ_MAX_BYTES}"' in body(page)

    def test_a_file_that_can_be_read_is_kept_and_leads_to_its_columns(self, signed_in: SignIn, analyst: User) -> None:
        answer = sent(signed_in(analyst), document="japan-nato")
        upload = Upload.objects.get()
        assert answer.url == f"/claims/import/{upload.pk}/?document=japan-nato"
        assert (upload.by, upload.name, upload.data.decode()) == (analyst, "claims.csv", DATA)

    def test_one_that_cannot_is_refused_in_words_and_not_kept(self, signed_in: SignIn, analyst: User) -> None:
        answer = sent(signed_in(analyst), b"PK\x03\x04 a workbook")
        assert answer.status_code == 422
        assert "Save the sheet as CSV" in body(answer)
        assert not Upload.objects.exists()

    def test_no_file_is_asked_for(self, signed_in: SignIn, analyst: User) -> None:
        answer = signed_in(analyst).post("/claims/import/", {})
        assert answer.status_code == 422
        assert "Choose a file." in body(answer)

    def test_a_file_that_is_too_large_is_refused_in_words(
        self, signed_in: SignIn, analyst: User, settings: Settings
    ) -> None:
        settings.READ_MAX_BYTES = 1_000_000
        answer = sent(signed_in(analyst), b"claim\n" + b"x" * 1_100_000)
        assert answer.status_code == 413
        assert "larger than 1 MB" in body(answer)
        assert not Upload.objects.exists()

    def test_readers_may_not(self, signed_in: SignIn, reader: User) -> None:
        assert signed_in(reader).get("/claims/import/").status_code == 403
        assert sent(signed_in(reader)).status_code == 403

    def test_the_list_of_claims_and_the_palette_lead_here(self, signed_in: SignIn, analyst: User) -> None:
        client = signed_in(analyst)
        assert 'href="/claims/import/"' in body(client.get("/claims/"))
        assert 'href="/claims/import/"' in body(client.get("/palette/?q=import"))


class TestColumns:
    def test_columns_are_guessed_and_the_first_rows_shown_with_what_is_wrong(
        self, signed_in: SignIn, analyst: User
    ) -> None:
        page = body(signed_in(analyst).get(kept(analyst, DATA.replace("Statement", "Claim"))))
        assert '<option value="Claim" selected>' in page
        assert "One." in page
        assert "“rumour” is none of" in page
        assert "1 claim would come in." in page
        assert "Import 2 rows" in page

    def test_when_no_column_is_known_it_says_so(self, signed_in: SignIn, analyst: User) -> None:
        page = body(signed_in(analyst).get(kept(analyst, "Satz\nEins.\n")))
        assert "No column is known to say what is claimed" in page
        assert 'value="import"' not in page

    @pytest.mark.parametrize("headers", [{}, PREVIEW], ids=["plain", "htmx"])
    def test_another_choice_shows_the_rows_anew(
        self, signed_in: SignIn, analyst: User, headers: dict[str, str]
    ) -> None:
        url = kept(analyst, "Satz,Type\nEins.,ranking\n")
        chosen = {**CHOSEN, "in_assertion": "Satz", "in_as_of": "", "do": "preview"}
        answer = signed_in(analyst).post(url, chosen, headers=headers)
        assert answer.status_code == 200
        assert ("<html" in body(answer)) == (not headers)
        assert "Eins." in body(answer)
        assert not Claim.objects.exists()
        assert not Job.objects.exists()

    def test_a_column_that_there_is_not_is_refused(self, signed_in: SignIn, analyst: User) -> None:
        answer = signed_in(analyst).post(kept(analyst), {**CHOSEN, "in_kind": "Kind"})
        assert answer.status_code == 422
        assert "Select a valid choice" in body(answer)

    def test_claim_review_has_no_columns_to_choose(self, signed_in: SignIn, analyst: User) -> None:
        page = body(
            signed_in(analyst).get(kept(analyst, '{"@type": "ClaimReview", "claimReviewed": "One."}', "r.json"))
        )
        assert "ClaimReview names its own fields" in page
        assert "One." in page

    def test_what_is_in_a_file_is_shown_as_text(self, signed_in: SignIn, analyst: User) -> None:
        page = body(signed_in(analyst).get(kept(analyst, "claim,<b>,\x01\x00\u202e\n<script>alert(1)</script>,x,y\n")))
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page
        assert "\u202e" not in page

    def test_only_its_sender_finds_the_file(self, signed_in: SignIn, analyst: User, admin: User) -> None:
        url = kept(analyst)
        assert signed_in(admin).get(url).status_code == 404
        assert signed_in(admin).post(url, {**CHOSEN, "do": "import"}).status_code == 404

    def test_a_file_that_turns_out_broken_further_on_says_so(self, signed_in: SignIn, analyst: User) -> None:
        rows = ",".join(f'{{"claim": "One {number}."}}' for number in range(300))
        page = body(signed_in(analyst).get(kept(analyst, f"[{rows}", "c.json")))
        assert "it ends before it is whole" in page
        assert 'value="import"' not in page

    def test_more_rows_than_the_web_takes_are_refused(
        self, signed_in: SignIn, analyst: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(claim_import_preview, "MOST", 1)
        answer = signed_in(analyst).post(kept(analyst), {**CHOSEN, "do": "import"})
        assert answer.status_code == 422
        assert "The file has more than 1 rows" in body(answer)

    def test_the_number_of_queries_does_not_grow_with_the_rows(
        self, signed_in: SignIn, analyst: User, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = signed_in(analyst)
        url = kept(analyst, "claim\n" + "".join(f"Claim {number}.\n" for number in range(900)))
        with django_assert_max_num_queries(8):
            assert "900 claims would come in." in body(client.get(url))


class TestImport:
    def start(self, client: Client, url: str, **fields: str) -> Any:
        return client.post(url, {**CHOSEN, "do": "import", **fields})

    def test_it_runs_in_the_background_and_reports(self, signed_in: SignIn, analyst: User) -> None:
        client = signed_in(analyst)
        answer = self.start(client, kept(analyst), tag="may")
        (job,) = factories.run_jobs()
        assert answer.url == job.get_absolute_url()
        assert job.state == JobState.DONE
        assert job.report["lines"] == ["1 claim came in.", "1 row was refused."]
        assert job.report["refused"][0][0] == 3
        claim = Claim.objects.get()
        assert (claim.assertion, claim.kind, claim.as_of, claim.added_by) == ("One.", "ranking", "2023-05", analyst)
        assert claim.assertion in body(client.get(job.report["url"]))
        page = body(client.get(job.get_absolute_url()))
        assert "Refused rows (1)" in page
        assert "“rumour” is none of" in page

    def test_the_refused_rows_can_be_downloaded(self, signed_in: SignIn, analyst: User, reviewer: User) -> None:
        self.start(signed_in(analyst), kept(analyst))
        (job,) = factories.run_jobs()
        answer = signed_in(analyst).get(f"/jobs/{job.pk}/refused.csv")
        assert body(answer).startswith('\ufeffline,reason\r\n3,"Kind:')
        assert "attachment" in answer.headers["Content-Disposition"]
        assert signed_in(reviewer).get(f"/jobs/{job.pk}/refused.csv").status_code == 404

    def test_it_can_be_all_or_nothing(self, signed_in: SignIn, analyst: User) -> None:
        self.start(signed_in(analyst), kept(analyst), all_or_nothing="on")
        (job,) = factories.run_jobs()
        assert job.report["lines"][-1] == "Nothing was stored, since some rows were refused."
        assert not Claim.objects.exists()

    def test_a_second_press_starts_nothing(self, signed_in: SignIn, analyst: User) -> None:
        client, url = signed_in(analyst), kept(analyst)
        token = "0b0e4f4e-6a0e-4b52-9a51-6f3e2f6d0c11"
        first = self.start(client, url, token=token)
        assert self.start(client, url, token=token).url == first.url
        assert Job.objects.count() == 1
        factories.run_jobs()
        assert self.start(client, url, token=token).url == first.url, "the file is gone, and the press was the same"

    def test_while_it_runs_the_file_leads_to_the_job(self, signed_in: SignIn, analyst: User) -> None:
        client, url = signed_in(analyst), kept(analyst)
        answer = self.start(client, url)
        assert client.get(url).url == answer.url

    def test_one_that_was_cancelled_can_be_tried_again(self, signed_in: SignIn, analyst: User) -> None:
        client, url = signed_in(analyst), kept(analyst)
        self.start(client, url)
        jobs.cancel(Job.objects.get(), by=analyst)
        assert f'href="{url}"' in body(client.get(Job.objects.get().get_absolute_url()))
        self.start(client, url)
        factories.run_jobs()
        assert Claim.objects.count() == 1

    def test_who_lost_the_right_meanwhile_is_told(self, signed_in: SignIn, analyst: User) -> None:
        self.start(signed_in(analyst), kept(analyst))
        analyst.groups.clear()
        (job,) = factories.run_jobs()
        assert job.state == JobState.FAILED
        assert "Your role reads" in job.problem
        assert not Claim.objects.exists()

    def test_cancelling_while_rows_are_checked_stores_nothing(
        self, signed_in: SignIn, analyst: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.start(signed_in(analyst), kept(analyst))

        def cancelled(progress: Any, step: str, *args: Any) -> None:
            raise jobs.Cancelled

        monkeypatch.setattr(jobs.Progress, "report", cancelled)
        (job,) = factories.run_jobs()
        assert job.state == JobState.CANCELLED
        assert not Claim.objects.exists()
