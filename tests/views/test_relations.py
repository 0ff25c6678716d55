"""Relations between claims: adding, refusing circles, removing, and how both sides show them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from claims.actions.claims import fall_due
from claims.actions.relations import relate
from claims.choices import RelationKind
from claims.models import Claim, Event, Relation, User
from claims.views.relation_context import relations_context
from tests import factories

SignIn = Callable[[User], Client]
PANEL = {"HX-Request": "true", "HX-Target": "panel"}


def add(client: Client, claim: Claim, other: str, kind: str = "depends_on", **extra: Any) -> Any:
    return client.post(reverse("relation_add", args=[claim.pk]), {"kind": kind, "other": other}, **extra)


def shown(claim: Claim, user: User) -> str:
    request = RequestFactory().get("/")
    request.user = user
    context = {"claim": claim, **relations_context(claim), "next_url": "/", "target": "main"}
    return render_to_string("relations/_list.html", context, request)


@pytest.mark.parametrize("name", ["JN-51", "jn-51"])
def test_the_other_claim_is_named_by_its_reference(signed_in: SignIn, analyst: User, name: str) -> None:
    claim, other = factories.claim(), factories.claim(key="jn-51")

    response = add(signed_in(analyst), claim, name)

    assert (response.status_code, response["Location"]) == (303, claim.get_absolute_url())
    assert Relation.objects.filter(a=claim, kind="depends_on", b=other).exists()
    assert Event.objects.of(claim).latest_first()[0].act == "relate"


def test_a_claim_without_a_key_is_named_by_its_number(signed_in: SignIn, analyst: User) -> None:
    claim, other = factories.claim(), factories.claim()

    assert add(signed_in(analyst), claim, f"c-{other.pk}").status_code == 303


def test_the_other_claim_is_named_by_words_that_only_it_has(signed_in: SignIn, analyst: User) -> None:
    claim = factories.claim(assertion="Japan spends more.")
    other = factories.claim(assertion="Finland joined the alliance.")

    add(signed_in(analyst), claim, "finland alliance", kind="contradicts")

    assert Relation.objects.get().b == other


def test_words_of_several_claims_show_them_with_their_references(signed_in: SignIn, analyst: User) -> None:
    first, second = (factories.claim(assertion=f"Finland joined, version {n}.") for n in (1, 2))

    response = add(signed_in(analyst), factories.claim(), "finland")

    assert response.status_code == 422
    assert "Several claims have these words" in response.content.decode()
    assert first.reference in response.content.decode()
    assert second.assertion in response.content.decode()


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ("", "Name the other claim"),
        ("C-99999", "No claim is called"),
        ("zebra", "No claim is called"),
        ("-zebra", "a minus only says"),
        ("💥 )(", "No claim is called"),
        ("a\x00b", "NUL"),
        ("x" * 300, "At most 200"),
    ],
)
def test_a_claim_that_is_not_there_is_said_at_the_field(
    signed_in: SignIn, analyst: User, other: str, told: str
) -> None:
    response = add(signed_in(analyst), factories.claim(), other)

    assert response.status_code == 422
    assert told in response.content.decode()


def test_an_unknown_kind_is_refused(signed_in: SignIn, analyst: User) -> None:
    claim, other = factories.claim(), factories.claim()

    assert add(signed_in(analyst), claim, other.reference, kind="refutes").status_code == 422


def test_a_circle_of_dependence_is_refused(signed_in: SignIn, analyst: User) -> None:
    first, second, third = (factories.claim() for _ in range(3))
    relate(first, RelationKind.DEPENDS_ON, second, by=analyst)
    relate(second, RelationKind.DEPENDS_ON, third, by=analyst)

    response = add(signed_in(analyst), third, first.reference)

    assert response.status_code == 422
    assert "that would be a circle" in response.content.decode()


def test_the_same_relation_twice_is_refused(signed_in: SignIn, analyst: User) -> None:
    claim, other = factories.claim(), factories.claim()
    client = signed_in(analyst)

    add(client, claim, other.reference)
    response = add(client, claim, other.reference)

    assert response.status_code == 422
    assert "already related so" in response.content.decode()
    assert Relation.objects.count() == 1


def test_a_claim_is_not_related_to_itself(signed_in: SignIn, analyst: User) -> None:
    claim = factories.claim()

    response = add(signed_in(analyst), claim, claim.reference, headers=PANEL)

    assert (response.status_code, response["HX-Retarget"]) == (422, "#relation-form")
    assert "cannot be related to itself" in response.content.decode()


def test_it_is_removed_and_the_history_keeps_it(signed_in: SignIn, analyst: User) -> None:
    claim, other = factories.claim(), factories.claim()
    relation = relate(claim, RelationKind.DUPLICATES, other, by=analyst)

    response = signed_in(analyst).post(reverse("relation_remove", args=[relation.pk]), {"next": "/claims/"})

    assert (response.status_code, response["Location"]) == (303, "/claims/")
    assert not Relation.objects.exists()
    assert Event.objects.of(claim).latest_first()[0].changes == {
        "duplicates": [other.reference, None],
        "other": [other.pk, None],
    }


def test_readers_cannot_relate(signed_in: SignIn, reader: User, analyst: User) -> None:
    claim, other = factories.claim(), factories.claim()
    relation = relate(claim, RelationKind.DUPLICATES, other, by=analyst)
    client = signed_in(reader)

    assert add(client, claim, other.reference).status_code == 403
    assert client.post(reverse("relation_remove", args=[relation.pk])).status_code == 403
    assert "<form" not in shown(claim, reader)


def test_both_sides_say_it_in_their_own_words(analyst: User) -> None:
    claim, other = factories.claim(), factories.verified_claim(verdict_key="refuted")
    relate(claim, RelationKind.DEPENDS_ON, other, by=analyst)

    assert "Depends on" in shown(claim, analyst)
    assert 'data-verdict="refuted"' in shown(claim, analyst)
    assert "Is a premise of" in shown(other, analyst)


def test_while_words_are_typed_claims_are_offered_but_not_this_one(signed_in: SignIn, analyst: User) -> None:
    claim, other = (factories.claim(assertion=f"Finland joined, version {n}.") for n in (1, 2))
    headers = {"HX-Request": "true", "HX-Target": "relation-options"}

    response = signed_in(analyst).get(reverse("relation_add", args=[claim.pk]), {"other": "finl*"}, headers=headers)

    assert f'value="{other.reference}"' in response.content.decode()
    assert f'value="{claim.reference}"' not in response.content.decode()


def test_the_form_has_a_page_of_its_own(signed_in: SignIn, analyst: User) -> None:
    assert signed_in(analyst).get(reverse("relation_add", args=[factories.claim().pk])).status_code == 200


def test_the_number_of_queries_does_not_grow_with_relations(analyst: User, django_assert_num_queries: Callable) -> None:
    claim = factories.claim()
    for _ in range(3):
        relate(claim, RelationKind.CONTRADICTS, factories.verified_claim(), by=analyst)
    analyst.has_perm("claims.work_claims")

    with django_assert_num_queries(1):
        shown(claim, analyst)


def test_each_side_says_as_of_when_the_other_stands_and_that_it_is_due(analyst: User) -> None:
    premise, conclusion = factories.verified_claim(), factories.claim()
    relate(conclusion, RelationKind.DEPENDS_ON, premise, by=analyst)
    assert "as of May 2023" in shown(conclusion, analyst)
    assert "as of" not in shown(premise, analyst)
    fall_due(premise, by=analyst, reason="A newer table.")
    assert 'data-stage="due"' in shown(conclusion, analyst)
