"""The map of keys: what the help dialog, the page of keys and the palette's hints show. Pure.

`static/claims/js/` presses them; a key that a page has no use for does nothing there.
"""

from dataclasses import dataclass

Keys = tuple[str, ...]


@dataclass(frozen=True)
class Shortcut:
    """The keys as they are printed, one after the other or one of each, and what they do."""

    keys: Keys
    does: str


@dataclass(frozen=True)
class Section:
    """The shortcuts of one kind of page."""

    place: str
    shortcuts: tuple[Shortcut, ...]


# The letter after G, by the name of the URL it leads to.
GO: dict[str, Keys] = {
    "desk": ("G", "D"),
    "document_list": ("G", "O"),
    "claim_list": ("G", "C"),
    "source_list": ("G", "S"),
    "claim_set_list": ("G", "T"),
    "release_list": ("G", "R"),
    "document_add": ("G", "A"),
}
HELP: Keys = ("?",)
# The key that says in triage what a sentence is, by the value of its disposition.
DECIDE = {"claim": "A", "opinion": "O", "prediction": "P", "common_knowledge": "C", "no_fact": "X"}

SECTIONS: tuple[Section, ...] = (
    Section(
        "Anywhere",
        (
            Shortcut(("Ctrl", "K"), "Search or jump to"),
            Shortcut(HELP, "This list"),
            Shortcut(("/",), "Search in this page’s list"),
            Shortcut(GO["desk"], "Desk"),
            Shortcut(GO["document_list"], "Documents"),
            Shortcut(GO["claim_list"], "Claims"),
            Shortcut(GO["source_list"], "Sources"),
            Shortcut(GO["claim_set_list"], "Claim sets"),
            Shortcut(GO["release_list"], "Releases"),
            Shortcut(GO["document_add"], "Add a document"),
            Shortcut(("Z",), "Undo the last action"),
            Shortcut(("Ctrl", "Enter"), "Send the form you are in"),
        ),
    ),
    Section(
        "Document",
        (
            Shortcut(("J", "K"), "Next, previous claim"),
            Shortcut(("U",), "Next unchecked"),
            Shortcut(("N",), "New claim from the selected words"),
            Shortcut(("A", "X"), "Accept a suggestion, or mark it as no fact"),
            Shortcut(("P",), "Show or hide the panel"),
        ),
    ),
    Section(
        "Triage",
        (
            Shortcut(("J", "K"), "Next, previous sentence"),
            Shortcut((DECIDE["claim"],), "Make a claim of it; Ctrl Shift Enter makes it and stays"),
            Shortcut((DECIDE["opinion"], DECIDE["prediction"]), "Opinion, prediction"),
            Shortcut((DECIDE["common_knowledge"], DECIDE["no_fact"]), "Common knowledge, no fact"),
            Shortcut(("N",), "Add a note to the decision"),
            Shortcut(("T",), "Tick the sentence"),
            Shortcut(("Shift", "T"), "Tick all from the last ticked one to here"),
            Shortcut(("B",), "Decide on the ticked ones together"),
            Shortcut(("Enter",), "Go to the panel"),
        ),
    ),
    Section(
        "New draft",
        (
            Shortcut(("J", "K"), "Next, previous passage that waits"),
            Shortcut(("1 … 4",), "Choose what became of it"),
            Shortcut(("Ctrl", "Enter"), "Save, and go on to the next"),
        ),
    ),
    Section(
        "Claim",
        (
            Shortcut(("1 … 7",), "Choose the verdict"),
            Shortcut(("E",), "Add evidence"),
            Shortcut(("M",), "Comment"),
            Shortcut(("Enter",), "Send the comment; Shift Enter begins a line"),
            Shortcut(("I",), "Assign to me"),
            Shortcut(("R",), "Request review"),
        ),
    ),
    Section(
        "Lists",
        (
            Shortcut(("J", "K"), "Next, previous row"),
            Shortcut(("Enter",), "Open the row"),
            Shortcut(("X",), "Tick the row"),
            Shortcut(("Shift", "X"), "Tick all rows from the last ticked one to here"),
        ),
    ),
)
