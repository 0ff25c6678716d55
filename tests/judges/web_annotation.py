"""What a Web Annotation must have (https://www.w3.org/TR/annotation-model/), as JSON Schema; the sections stand beside.

Written after the recommendation. The W3C's own assertions are judged by too where they are at hand: test_linked_data.py
says how.
"""

from typing import Any

Schema = dict[str, Any]

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
IRI: Schema = {"type": "string", "pattern": r"^[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>\"{}|\\^`]+$"}
MOMENT: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
UTC: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"}
WHOLE: Schema = {"type": "integer", "minimum": 0}
TEXT: Schema = {"type": "string"}
MOTIVATIONS: Schema = {
    "enum": [
        *("assessing", "bookmarking", "classifying", "commenting", "describing", "editing", "highlighting"),
        *("identifying", "linking", "moderating", "questioning", "replying", "tagging"),
    ]
}


def some(one: Schema) -> Schema:
    """One, or several of them in a list."""
    return {"anyOf": [one, {"type": "array", "minItems": 1, "items": one}]}


def of_type(name: str, required: tuple[str, ...], forbidden: tuple[str, ...] = (), **properties: Schema) -> Schema:
    """An object of a type that is told, with properties that it must have, and others that it must not."""
    return {
        "type": "object",
        "required": ["type", *required],
        "properties": {"type": {"const": name}, **properties},
        "not": {"anyOf": [{"required": [one]} for one in forbidden]} if forbidden else {"not": {}},
    }


LIFE: Schema = {"created": MOMENT, "modified": MOMENT, "generated": MOMENT}  # 3.3.1
RIGHTS: Schema = {"rights": some(IRI), "canonical": IRI, "via": some(IRI)}  # 3.3.6, 3.3.7
REFINED: Schema = {"refinedBy": {"$ref": "#/$defs/refinement"}}  # 4.2, 4.3

SELECTORS: list[Schema] = [
    of_type("TextQuoteSelector", ("exact",), exact=TEXT, prefix=TEXT, suffix=TEXT, **REFINED),  # 4.2.4
    of_type("TextPositionSelector", ("start", "end"), start=WHOLE, end=WHOLE, **REFINED),  # 4.2.5
]
ENDS = ("sourceDateStart", "sourceDateEnd")
STATES: list[Schema] = [
    {
        "oneOf": [  # 4.3.1
            of_type(
                "TimeState", ("sourceDate",), ("sourceDateStart", "sourceDateEnd"), sourceDate=UTC, cached=some(IRI)
            ),
            of_type("TimeState", ("sourceDateStart", "sourceDateEnd"), ("sourceDate",)),
        ]
    },
    IRI,
]
SPECIFIC = of_type(  # 4
    "SpecificResource",
    ("source",),
    ("value", "items"),
    id=IRI,
    source=IRI,
    purpose=some(MOTIVATIONS),
    selector=some({"anyOf": SELECTORS}),
    state=some({"anyOf": STATES}),
    **LIFE,
)
TEXTUAL = of_type(  # 3.2.4
    "TextualBody",
    ("value",),
    ("source", "items"),
    value=TEXT,
    format=TEXT,
    language=TEXT,
    textDirection={"enum": ["ltr", "rtl", "auto"]},
    purpose=some(MOTIVATIONS),
    **LIFE,
)

ANNOTATION: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$defs": {"refinement": {"anyOf": [*SELECTORS, *STATES]}},
    "type": "object",
    "required": ["@context", "id", "type", "target"],  # 3.1
    "properties": {
        "@context": some(TEXT) | {"contains": {"const": CONTEXT}, "if": {"type": "string"}, "then": {"const": CONTEXT}},
        "id": IRI,
        "type": {"const": "Annotation"},
        "motivation": some(MOTIVATIONS),  # 3.3.5
        "body": some({"anyOf": [IRI, TEXTUAL, SPECIFIC]}),
        "bodyValue": TEXT,  # 3.2.5
        "target": some({"anyOf": [IRI, SPECIFIC]}),
        "creator": some({"anyOf": [IRI, {"type": "object", "properties": {"type": TEXT, "name": some(TEXT)}}]}),
        **LIFE,
        **RIGHTS,
    },
    "not": {"required": ["body", "bodyValue"]},  # 3.2.5
}

COLLECTION: Schema = {  # 5.1, 5.2
    "type": "object",
    "required": ["@context", "id", "type", "total", "first"],
    "properties": {
        "@context": {"const": CONTEXT},
        "id": IRI,
        "type": {"const": "AnnotationCollection"},
        "label": TEXT,
        "total": WHOLE,
        "first": {
            "type": "object",
            "required": ["id", "type", "items"],
            "properties": {
                "id": IRI,
                "type": {"const": "AnnotationPage"},
                "partOf": IRI,
                "startIndex": WHOLE,
                "items": {"type": "array"},
            },
        },
        **LIFE,
        **RIGHTS,
    },
}
