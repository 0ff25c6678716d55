"""Which named signals a sentence gives, by which words, and how many assertions it makes. Pure."""

import re
from collections.abc import Mapping, Sequence

from claims.detection.language import Language, Rule
from claims.detection.words import Word

Found = Mapping[str, Sequence[str]]

_BREAK = re.compile(r"[,;:()–—]|\s-+\s")


def signals(sentence: str, words: Sequence[Word], language: Language, *, is_heading: bool = False) -> Found:
    """The signals by name, each with the pieces of the sentence that give it, as they stand; `words` are its words."""
    found = {
        name: [sentence[words[first].start : words[end - 1].end] for first, end in spans]
        for name, spans in language.lexicon.found_in(words).items()
    }
    for rule in language.further_rules:
        if pieces := _by_rule(rule, sentence, len(words), is_heading):
            found.setdefault(rule.name, []).extend(pieces)
    return found


def strength(pieces: int) -> float:
    """How much of a signal's weight counts: 1 for one piece, 1.5 for two, never 2."""
    return 2 - 2.0 ** (1 - min(pieces, 50))


def assertions(sentence: str, words: Sequence[Word], language: Language) -> int:
    """How many assertions a sentence makes: its parts between joints that have a verb of their own; at least 1.

    A part ends at a comma or its like, or before a word such as “and”. 0 for a sentence without words.
    """
    verbs = {first for first, _ in language.verbs.found_in(words).get("verb", ())}
    count, has_verb = 0, False
    for at, word in enumerate(words):
        if at and (word.key in language.joints or _BREAK.search(sentence, words[at - 1].end, word.start)):
            count, has_verb = count + has_verb, False
        has_verb = has_verb or at in verbs
    return max(count + has_verb, min(len(words), 1))


def _by_rule(rule: Rule, sentence: str, length: int, is_heading: bool) -> list[str]:
    if rule.pattern:
        return [match.group().strip() for match in rule.pattern.finditer(sentence)]
    if rule.fewer_words_than and length < rule.fewer_words_than:
        return [str(length)]
    if rule.more_words_than and length > rule.more_words_than:
        return [str(length)]
    return [sentence.strip()] if rule.headings and is_heading else []
