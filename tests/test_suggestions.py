"""What is suggested for a claim made of a sentence."""

import pytest

from claims.choices import ClaimKind
from claims.intake.scoring import scored_sentences
from claims.intake.suggestions import suggested_kind


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Japan has the ninth-largest military budget in the world.", ClaimKind.RANKING),
        ("Rents rose by four per cent.", ClaimKind.QUANTITY),
        ("Unemployment is lower than it was in Norway.", ClaimKind.COMPARISON),
        ("The minister said that the port was closed.", ClaimKind.ATTRIBUTION),
        ("Kishida flew to Madrid in June 2022.", ClaimKind.EVENT),
    ],
)
def test_the_kind_of_a_claim_is_suggested_by_the_signals_of_its_sentence(sentence, kind):
    [scored] = scored_sentences(sentence, "en")
    assert suggested_kind([signal["name"] for signal in scored.signals]) == kind


def test_without_signals_an_event_is_suggested():
    assert suggested_kind([]) == ClaimKind.EVENT
