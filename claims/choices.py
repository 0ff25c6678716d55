"""Every enumerated word of the product, and the named sets of them. Read this first.

The values are what the database, the exports and the `data-*` attributes of the pages carry.
"""

from django.db.models import IntegerChoices, TextChoices


class Stage(TextChoices):
    """Where a claim is in the work; never mixed up with its verdict."""

    OPEN = "open", "Open"
    IN_PROGRESS = "in_progress", "In progress"
    IN_REVIEW = "in_review", "In review"
    VERIFIED = "verified", "Verified"
    DISMISSED = "dismissed", "Dismissed"


UNRESOLVED = frozenset({Stage.OPEN, Stage.IN_PROGRESS, Stage.IN_REVIEW})
EDITABLE = frozenset({Stage.OPEN, Stage.IN_PROGRESS})
DECIDABLE = frozenset({Stage.IN_REVIEW, Stage.VERIFIED})
"""Where an assessment may wait for a decision; of a verified claim one that confirms its verdict."""


class Act(TextChoices):
    """What a person can do to a claim; the verb in its history. `workflow.RULES` says who may, and when."""

    CREATE = "create", "created the claim"
    EDIT = "edit", "edited the claim"
    ORGANISE = "organise", "organised the claim"
    TAKE = "take", "took up the claim"
    RELEASE = "release", "released the claim"
    ASSIGN = "assign", "assigned the claim"
    DRAFT = "draft", "saved a draft assessment"
    SUBMIT = "submit", "submitted an assessment"
    WITHDRAW = "withdraw", "withdrew the assessment"
    APPROVE = "approve", "approved the assessment"
    RETURN = "return", "returned the assessment"
    CONFIRM = "confirm", "asked to confirm the verdict"
    WITHDRAW_CONFIRMATION = "withdraw_confirmation", "withdrew the confirmation"
    APPROVE_CONFIRMATION = "approve_confirmation", "confirmed the verdict"
    RETURN_CONFIRMATION = "return_confirmation", "returned the confirmation"
    REOPEN = "reopen", "reopened the claim"
    DISMISS = "dismiss", "dismissed the claim"
    RESTORE = "restore", "restored the claim"
    ADD_EVIDENCE = "add_evidence", "added evidence"
    EDIT_EVIDENCE = "edit_evidence", "edited evidence"
    RETRACT_EVIDENCE = "retract_evidence", "retracted evidence"
    PLACE_QUOTE = "place_quote", "looked for a quote again"
    CHOOSE_PLACE = "choose_place", "chose the place of a quote"
    ADD_SEARCH = "add_search", "recorded a search that found nothing"
    RETRACT_SEARCH = "retract_search", "retracted a search"
    SET_WORKING = "set_working", "showed the working"
    EDIT_WORKING = "edit_working", "changed the working"
    REMOVE_WORKING = "remove_working", "removed the working"
    ADD_APPEARANCE = "add_appearance", "added an appearance"
    RELATE = "relate", "related the claim"
    UNRELATE = "unrelate", "removed a relation"
    COMMENT = "comment", "commented"
    EDIT_COMMENT = "edit_comment", "edited a comment"
    RESOLVE_COMMENT = "resolve_comment", "resolved a thread"
    REOPEN_COMMENT = "reopen_comment", "reopened a thread"
    FALL_DUE = "fall_due", "made the claim due"


CARRIED = "Verdict of release"
"""How the reason of a proposal begins that came in with a release of another desk."""


class RecordAct(TextChoices):
    """What a person can do to a record that is not a claim; the verb in that record's history."""

    ADD = "add", "added"
    CHANGE = "change", "changed"
    RETIRE = "retire", "retired"
    UNRETIRE = "unretire", "put back in use"
    MERGE = "merge", "took in another source"
    MERGED = "merged", "merged this source into another"
    UNMERGE = "unmerge", "gave back a source taken in"
    UNMERGED = "unmerged", "took this source out of another again"
    DISCREDIT = "discredit", "discredited"
    ADD_SNAPSHOT = "add_snapshot", "added a snapshot"
    DISPOSE = "dispose", "decided on a sentence"
    REANCHOR = "reanchor", "decided on a passage of the new draft"
    COMPLETE = "complete", "declared complete the check"
    LAPSE = "lapse", "ended the completeness of the check"
    CAPTURE = "capture", "asked for a capture of"
    ACCEPT = "accept", "put in force"
    ADD_CLAIMS = "add_claims", "added claims"
    REMOVE_CLAIMS = "remove_claims", "removed claims"
    ORDER_CLAIMS = "order_claims", "put the claims in another order"
    LEAVE_OUT = "leave_out", "left out claims that block a release"
    TAKE_BACK = "take_back", "took claims back in that were left out"
    FINISH = "finish", "finished building"
    FAIL = "fail", "could not build"
    WITHDRAW = "withdraw", "withdrew"
    SEND = "send", "noted a recipient of"
    CORRECT = "correct", "wrote a correction to"
    SUGGEST = "suggest", "suggested other words for a passage of"
    ANSWER = "answer", "noted the author’s answer to a suggestion for"
    PUBLISH = "publish", "published"
    UNPUBLISH = "unpublish", "ended the publication of"
    COMMENT = "comment", "commented"
    EDIT_COMMENT = "edit_comment", "edited a comment"
    RESOLVE_COMMENT = "resolve_comment", "resolved a thread"
    REOPEN_COMMENT = "reopen_comment", "reopened a thread"
    DELETE = "delete", "deleted"


class Role(TextChoices):
    """The four roles; each is a Django group of this name, set up by a migration."""

    READER = "reader", "Reader"
    ANALYST = "analyst", "Analyst"
    REVIEWER = "reviewer", "Reviewer"
    ADMIN = "admin", "Admin"


class Permission(TextChoices):
    """What a role may do. Stored as Django permissions `claims.<value>`."""

    WORK = "work_claims", "Work on documents, claims, evidence, comments and claim sets"
    REVIEW = "review_assessments", "Approve or return assessments"
    RELEASE = "build_releases", "Build, send and withdraw releases"
    MANAGE_SOURCES = "manage_sources", "Create and edit sources"
    MANAGE_VERDICTS = "manage_verdicts", "Edit the verdict scale"
    MANAGE_PEOPLE = "manage_people", "Manage people, roles and settings"


ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.READER: frozenset(),
    Role.ANALYST: frozenset({Permission.WORK, Permission.RELEASE}),
    Role.REVIEWER: frozenset({Permission.WORK, Permission.REVIEW, Permission.RELEASE}),
    Role.ADMIN: frozenset(Permission),
}


class ClaimKind(TextChoices):
    RANKING = "ranking", "Ranking"
    QUANTITY = "quantity", "Quantity"
    COMPARISON = "comparison", "Comparison"
    EVENT = "event", "Event"
    DATE = "date", "Date"
    QUOTATION = "quotation", "Quotation"
    ATTRIBUTION = "attribution", "Attribution"
    POLICY = "policy", "Policy"
    CAUSAL = "causal", "Causal"
    DEFINITION = "definition", "Definition"


class Priority(IntegerChoices):
    LOW = 1, "Low"
    NORMAL = 2, "Normal"
    HIGH = 3, "High"
    URGENT = 4, "Urgent"


class Disposition(TextChoices):
    """What a person decided a sentence is; empty while undecided."""

    CLAIM = "claim", "Claim"
    OPINION = "opinion", "Opinion"
    PREDICTION = "prediction", "Prediction"
    COMMON_KNOWLEDGE = "common_knowledge", "Common knowledge"
    NO_FACT = "no_fact", "No fact"


class Found(TextChoices):
    """How a passage came out of the search for it in another text. Only a passage without a match is gone."""

    UNCHANGED = "unchanged", "Unchanged"
    MOVED = "moved", "Moved"
    REWORDED = "reworded", "Reworded"
    GONE = "gone", "Gone"


class Reanchored(TextChoices):
    """What was decided about an appearance when a new draft came; empty while a person has to decide."""

    KEPT = "kept", "Kept: the same words, in a place beyond doubt"
    SAME = "same", "The same claim; what was found stands"
    RECHECK = "recheck", "The same claim, to be checked again"
    NEW_CLAIM = "new_claim", "Another claim now"
    DROPPED = "dropped", "No longer in the text"
    SUPERSEDED = "superseded", "Left to a newer draft"


class JobKind(TextChoices):
    """Long work that runs in the background."""

    DOCUMENT = "document", "Read a document"
    DRAFT = "draft", "Read a new draft"
    CLAIMS = "claims", "Import claims"
    RESCORE = "rescore", "Score sentences anew"
    CAPTURE = "capture", "Capture a page"
    RELEASE = "release", "Build a release"


class JobState(TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


UNFINISHED = frozenset({JobState.WAITING, JobState.RUNNING})


class Stance(TextChoices):
    SUPPORTS = "supports", "Supports"
    REFUTES = "refutes", "Refutes"
    CONTEXT = "context", "Context"


class Provenance(TextChoices):
    """How a piece of evidence came to the desk."""

    FOUND = "found", "Found by the checker"
    SUPPLIED = "supplied", "Supplied by the author"


class QuoteStatus(TextChoices):
    """Whether a quote was seen in the capture of its document: computed, never set by a person."""

    NONE = "", "No quote"
    FOUND = "found", "Quote found in the capture"
    DIFFERS = "differs", "Quote found with differences"
    SEVERAL = "several", "Quote found in several places"
    NOT_FOUND = "not_found", "Quote not found in the capture"
    NOT_CAPTURED = "not_captured", "Document not captured"


class Outcome(TextChoices):
    """What one attempt to capture a document came to. Those in FAILURES are the kinds of fetching.FetchError."""

    CAPTURED = "captured", "Captured with its text"
    NO_TEXT = "no_text", "Captured; it has no text that can be read"
    UNCHANGED = "unchanged", "The site says that nothing has changed"
    ADDRESS = "address", "Not an address of the web"
    BLOCKED = "blocked", "Leads into a private network"
    UNRESOLVED = "unresolved", "No site of this name was found"
    UNREACHABLE = "unreachable", "The site did not answer"
    TLS = "tls", "The site could not prove what it is"
    REDIRECTS = "redirects", "The address leads on without end"
    STATUS = "status", "The site did not give the page"
    SIZE = "size", "The page is too large"
    TIME = "time", "The site took too long"
    GARBLED = "garbled", "The answer was no page"


KEPT = frozenset({Outcome.CAPTURED, Outcome.NO_TEXT})
SEEN = KEPT | {Outcome.UNCHANGED}
FAILURES = frozenset(Outcome) - SEEN


class Robots(TextChoices):
    """What a site's robots.txt says of the page. It is noted and shown; a person decides what to make of it."""

    UNKNOWN = "", "Not asked, or no answer"
    ALLOWED = "allowed", "Programs may read it"
    DISALLOWED = "disallowed", "The site asks programs to stay away"


class StillThere(TextChoices):
    """Whether a page that was quoted still says so, by the newest look at it."""

    SAME = "same", "Still says so"
    MOVED = "moved", "Says so elsewhere on the page"
    CHANGED = "changed", "Says something else now"
    GONE = "gone", "No longer says so"
    UNREACHABLE = "unreachable", "Could not be read"


BROKEN = frozenset({StillThere.CHANGED, StillThere.GONE})
"""What makes the verified claims that rest on the page due."""


class Health(TextChoices):
    """How the link to a document is: the worst of what its quotes came to when it was last looked at."""

    NOT_CAPTURED = "not_captured", "Not captured"
    CAPTURED = "captured", "Captured"
    SAME = "same", "Still says so"
    MOVED = "moved", "Moved on the page"
    UNREACHABLE = "unreachable", "Unreachable"
    CHANGED = "changed", "Changed"
    GONE = "gone", "Gone"


class WorkingKind(TextChoices):
    """How a number in a claim is recomputed."""

    FORMULA = "formula", "Formula"
    RANK = "rank", "Rank table"


class ToleranceIn(TextChoices):
    """What a tolerance is counted in."""

    ABSOLUTE = "absolute", "in the result’s unit"
    PERCENT = "percent", "percent"


class RankOrder(TextChoices):
    DESCENDING = "descending", "The largest comes first"
    ASCENDING = "ascending", "The smallest comes first"


class Confidence(TextChoices):
    """Quality of the evidence base (ICD 203), not likelihood."""

    LOW = "low", "Low"
    MODERATE = "moderate", "Moderate"
    HIGH = "high", "High"


class Decision(TextChoices):
    APPROVED = "approved", "Approved"
    RETURNED = "returned", "Returned"


class RelationKind(TextChoices):
    DEPENDS_ON = "depends_on", "depends on"
    CONTRADICTS = "contradicts", "contradicts"
    DUPLICATES = "duplicates", "duplicates"


class Answer(TextChoices):
    """What the author of a document makes of a suggested wording; empty while they have not said."""

    ACCEPT = "accept", "Accept"
    STET = "stet", "Stet: let it stand"


class Origin(TextChoices):
    """How the text of a snapshot came in."""

    PASTED = "pasted", "Pasted"
    UPLOADED = "uploaded", "Uploaded"
    FETCHED = "fetched", "Fetched"


class SourceKind(TextChoices):
    GOVERNMENT = "government", "Government"
    INTERGOVERNMENTAL = "intergovernmental", "Intergovernmental body"
    NEWS = "news", "News"
    THINK_TANK = "think_tank", "Think tank"
    ACADEMIC = "academic", "Academic"
    REFERENCE = "reference", "Reference work"
    COMPANY = "company", "Company"
    SOCIAL = "social", "Social media"
    OTHER = "other", "Other"


class Reliability(TextChoices):
    """Admiralty code, reliability of a source (AJP-2.1). F is "unknown", never "worst"."""

    A = "A", "Completely reliable"
    B = "B", "Usually reliable"
    C = "C", "Fairly reliable"
    D = "D", "Not usually reliable"
    E = "E", "Unreliable"
    F = "F", "Reliability cannot be judged"


JUDGED = (Reliability.A, Reliability.B, Reliability.C, Reliability.D, Reliability.E)
"""The letters that judge, the best first. F is none of them: it is neither above nor below any."""


class Derivation(TextChoices):
    """How a document came out of another one, so that the two speak with one voice."""

    WIRE = "wire", "Wire story"
    PRESS_RELEASE = "press_release", "Press release"
    QUOTATION = "quotation", "Quotation"


class Credibility(IntegerChoices):
    """Admiralty code, credibility of a piece of information (AJP-2.1). 6 is "unknown", never "worst"."""

    CONFIRMED = 1, "Confirmed by other sources"
    PROBABLE = 2, "Probably true"
    POSSIBLE = 3, "Possibly true"
    DOUBTFUL = 4, "Doubtful"
    IMPROBABLE = 5, "Improbable"
    UNKNOWN = 6, "Truth cannot be judged"


class SetKind(TextChoices):
    """Where the claims of a set come from. Only those picked by hand stay whatever becomes of them."""

    HAND = "hand", "Picked by hand"
    FILTER = "filter", "Saved filter"
    DOCUMENT = "document", "Claims of a document"


class Finding(TextChoices):
    """What preflight can find about a claim that is to be released."""

    NOT_VERIFIED = "not_verified", "Not verified"
    DUE = "due", "Due to be checked again"
    BROKEN_ANCHOR = "broken_anchor", "Its words are not in the latest text"
    QUOTE_NOT_FOUND = "quote_not_found", "A quote was not found in the capture"
    NO_EVIDENCE = "no_evidence", "No evidence"
    NOT_CAPTURED = "not_captured", "Evidence that was not captured"
    AMBIGUOUS_QUOTE = "ambiguous_quote", "A quote stands in several places"
    ONE_SOURCE = "one_source", "One independent source"
    LOW_CONFIDENCE = "low_confidence", "Low confidence"
    QUESTIONED = "questioned", "Credibility in question"


BLOCKING = (
    Finding.NOT_VERIFIED,
    Finding.DUE,
    Finding.BROKEN_ANCHOR,
    Finding.QUOTE_NOT_FOUND,
    Finding.NO_EVIDENCE,
)
"""What keeps a claim out of a release; the other findings warn."""


class ReleaseState(TextChoices):
    BUILDING = "building", "Being built"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"
    WITHDRAWN = "withdrawn", "Withdrawn"


ISSUED = frozenset({ReleaseState.READY, ReleaseState.WITHDRAWN})
"""With a file that somebody may have."""


class Visibility(TextChoices):
    """Who can read a release besides the people of the desk."""

    NO = "no", "Nobody else"
    UNLISTED = "unlisted", "Whoever has the address"
    LISTED = "listed", "Everybody"


class Since(TextChoices):
    """What happened to a claim since it was released that a reader of the release should know."""

    REOPENED = "reopened", "Not verified any more"
    VERDICT_CHANGED = "verdict_changed", "Another verdict now"
    FELL_DUE = "fell_due", "What it rests on has changed"
    LOST_EVIDENCE = "lost_evidence", "Evidence was retracted"
    DISCREDITED = "discredited", "A source or document was discredited"


class Mark(TextChoices):
    """Tone, line and icon in which a verdict is drawn; the seven that the stylesheet knows."""

    SUPPORTED = "supported", "Supported: green, check"
    MOSTLY = "mostly_supported", "Mostly supported: olive, wave"
    DISPUTED = "disputed", "Disputed: amber, split"
    OUTDATED = "outdated", "Outdated: taupe, hourglass"
    MISLEADING = "misleading", "Misleading: orange, triangle"
    REFUTED = "refuted", "Refuted: red, cross"
    UNVERIFIABLE = "unverifiable", "Unverifiable: grey, question mark"
