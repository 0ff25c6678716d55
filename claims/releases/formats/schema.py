"""The tables of a release, column by column, in the words in which the manifest describes them."""

from claims.choices import (
    Act,
    ClaimKind,
    Confidence,
    Decision,
    Derivation,
    Provenance,
    QuoteStatus,
    Stage,
    Stance,
    StillThere,
)
from claims.releases.content import Header
from claims.releases.formats import rows
from claims.releases.formats.columns import Column, Kind, Table

_REFERENCE = Column("reference", "Reference of the claim.")


def _verdict(*, nullable: bool = False) -> tuple[Column, ...]:
    return (
        Column("verdict", "Verdict: its key on the desk's scale.", Kind.CODE, nullable=nullable),
        Column("verdict_name", "The verdict in words.", nullable=nullable),
        Column("rating", "From 1, false, to 5, true; empty where that does not apply.", Kind.INTEGER, nullable=True),
    )


CLAIMS = Table(
    name="claims",
    about="One row for each claim, with the verdict that stands.",
    rows=rows.claims,
    key=("reference",),
    columns=(
        _REFERENCE,
        Column("position", "Place in the release, from 1.", Kind.INTEGER),
        Column("assertion", "What is claimed.", Kind.PROSE),
        *_verdict(nullable=True),
        Column("confidence", "Quality of the evidence base.", nullable=True, values=("", *Confidence)),
        Column("rationale", "Why this verdict (Markdown).", Kind.PROSE, nullable=True),
        Column("verdict_as_of", "The time for which the verdict holds.", Kind.PARTIAL_DATE, nullable=True),
        Column("kind", "Kind of claim.", values=(*ClaimKind,)),
        Column("speaker", "Who claims it."),
        Column("as_of", "The time for which the claim is judged.", Kind.PARTIAL_DATE),
        Column("reference_period", "The time of which the claim speaks."),
        Column("tags", "Tags.", Kind.LIST),
        Column("assessed_by", "Who proposed the verdict.", nullable=True),
        Column("assessed_at", "When it was proposed.", Kind.MOMENT, nullable=True),
        Column("approved_by", "Who approved the verdict.", nullable=True),
        Column("approved_at", "When it was approved.", Kind.MOMENT, nullable=True),
        Column("approval_note", "What was said at the approval.", Kind.PROSE, nullable=True),
        Column("decisive_title", "The piece of evidence that decides, where pieces differ.", nullable=True),
        Column("decisive_url", "Its address.", Kind.LINK, nullable=True),
        Column("decisive_reason", "Why it decides.", Kind.PROSE, nullable=True),
        Column("working", "How a number was recomputed, and what that gives.", Kind.OBJECT, nullable=True),
        Column("rests_on", "Claims on which this one rests.", Kind.LIST),
        Column("searches", "Searches that found nothing.", Kind.LIST),
        Column("stage", "Where the claim is in the work.", values=(*Stage,)),
        Column("is_due", "Whether it is due to be checked again.", Kind.BOOLEAN),
        Column("due_reason", "Why it is due.", Kind.PROSE),
        Column("recheck_on", "When to look again.", Kind.PARTIAL_DATE),
        Column("recheck_follows", "What comes out then."),
        Column("url", "Address of the claim at the desk.", Kind.LINK),
        Column("head_claim", "Key of the claim at the desk.", Kind.KEY),
        Column("head_number", "Number of the newest event of its history.", Kind.INTEGER),
        Column("head_hash", "Hash of that event.", Kind.SHA256),
    ),
)

EVIDENCE = Table(
    name="evidence",
    about="The evidence in force for each claim.",
    rows=rows.evidence,
    columns=(
        _REFERENCE,
        Column("number", "Number of the piece among the claim's, from 1.", Kind.INTEGER),
        Column("stance", "What it does to the claim.", values=(*Stance,)),
        Column("title", "Title of the document."),
        Column("source", "Who published it."),
        Column("url", "Its address.", Kind.LINK),
        Column("language", "Language of the document, such as en; empty when nobody said."),
        Column("grade", "Admiralty grade: reliability of the document, A to F, and credibility, 1 to 6."),
        Column("finding", "What it says about the claim, in the words of the analyst.", Kind.PROSE),
        Column("quote", "Its own words.", Kind.PROSE),
        Column("quote_status", "Whether the quote was found in the capture.", values=(*QuoteStatus,)),
        Column("locator", "Page, table, paragraph, time."),
        Column("published_on", "When it was published.", Kind.PARTIAL_DATE),
        Column("accessed_on", "When it was read.", Kind.DATE, nullable=True),
        Column("provenance", "How it came to the desk.", values=(*Provenance,)),
        Column("was_read", "Whether the checker read it.", Kind.BOOLEAN),
        Column("still", "Whether the page still says so; empty when nobody looked.", values=("", *StillThere)),
        Column("derived_title", "Title of the document it came out of: the two speak with one voice.", nullable=True),
        Column("derived_url", "Address of that document.", Kind.LINK, nullable=True),
        Column("derived_source", "Who published that document.", nullable=True),
        Column("derivation", "How it came out of it.", nullable=True, values=("", *Derivation)),
        Column("method", "Whose way of counting, and for when."),
        Column("alone_says", "What the claim would be by this piece alone."),
        Column("alone_verdict", "Key of the verdict by this piece alone.", nullable=True),
        Column("quote_start", "Start of the quote in the captured text, in code points.", Kind.KEY, nullable=True),
        Column("quote_end", "Its end, exclusive.", Kind.KEY, nullable=True),
        Column("snapshot_sha256", "SHA-256 of that text.", Kind.SHA256, nullable=True),
        Column("capture_at", "When the document was captured.", Kind.MOMENT, nullable=True),
        Column("capture_url", "The address that answered; empty for a file.", Kind.LINK, nullable=True),
        Column("capture_content_type", "Media type of the capture.", Kind.CODE, nullable=True),
        Column("capture_text_sha256", "SHA-256 of the text of the capture.", Kind.SHA256, nullable=True),
        Column("capture_sha256", "SHA-256 of what came, byte for byte.", Kind.SHA256, nullable=True),
        Column("capture_bytes", "Its bytes.", Kind.KEY, nullable=True),
        Column("capture_warc_sha256", "SHA-256 of its WARC file; empty for a file.", Kind.SHA256, nullable=True),
        Column("capture_warc_bytes", "Bytes of the WARC file.", Kind.KEY, nullable=True),
    ),
)

APPEARANCES = Table(
    name="appearances",
    about="The places where documents make each claim.",
    rows=rows.appearances,
    columns=(
        _REFERENCE,
        Column("number", "Number of the place among the claim's, from 1.", Kind.INTEGER),
        Column("document", "Title of the document."),
        Column("source", "Who published it."),
        Column("published_on", "When it was published.", Kind.PARTIAL_DATE),
        Column("language", "Language of the document, such as en; empty when nobody said."),
        Column("quote", "The words in which it makes the claim.", Kind.PROSE),
        Column("prefix", "The words before them."),
        Column("suffix", "The words behind them."),
        Column("url", "Address of the document.", Kind.LINK),
        Column("start", "Start of the quote in the text, in code points.", Kind.KEY),
        Column("end", "Its end, exclusive.", Kind.KEY),
        Column("snapshot", "Number of the text among those of the document.", Kind.INTEGER),
        Column("snapshot_sha256", "SHA-256 of the text.", Kind.SHA256),
    ),
)

ASSESSMENTS = Table(
    name="assessments",
    about="Every verdict that was proposed for each claim, and what a second person decided.",
    rows=rows.assessments,
    columns=(
        _REFERENCE,
        Column("number", "Number of the assessment among the claim's, from 1.", Kind.INTEGER),
        *_verdict(),
        Column("confidence", "Quality of the evidence base.", values=("", *Confidence)),
        Column("rationale", "Why this verdict (Markdown).", Kind.PROSE),
        Column("as_of", "The time for which the verdict holds.", Kind.PARTIAL_DATE),
        Column("assessed_by", "Who proposed it."),
        Column("assessed_at", "When.", Kind.MOMENT),
        Column("decision", "What was decided; empty while nobody has.", nullable=True, values=(*Decision,)),
        Column("decided_by", "Who decided.", nullable=True),
        Column("decided_at", "When.", Kind.MOMENT, nullable=True),
        Column("decision_reason", "Why.", Kind.PROSE),
        Column("stands", "Whether the claim's verdict is this one.", Kind.BOOLEAN),
    ),
)

COMMENTS = Table(
    name="comments",
    about="What people of the desk said about each claim.",
    rows=rows.comments,
    columns=(
        _REFERENCE,
        Column("number", "Number of the comment among the claim's, from 1.", Kind.INTEGER),
        Column("reply_to", "Number of the comment that it answers.", Kind.INTEGER, nullable=True),
        Column("body", "What was said (Markdown).", Kind.PROSE),
        Column("author", "Who said it."),
        Column("written_at", "When.", Kind.MOMENT),
        Column("edited_at", "When it was last edited.", Kind.MOMENT, nullable=True),
        Column("resolved_by", "Who closed the thread.", nullable=True),
        Column("resolved_at", "When.", Kind.MOMENT, nullable=True),
    ),
)

HISTORY = Table(
    name="history",
    about="The history of each claim: a chain of events, each of which names the hash of the one before.",
    rows=rows.history,
    columns=(
        _REFERENCE,
        Column("number", "Number of the event among the claim's, from 1.", Kind.INTEGER),
        Column("act", "What was done.", values=(*Act,)),
        Column("by", "Who did it; empty for the desk itself.", nullable=True),
        Column("at", "When, with microseconds.", Kind.MOMENT),
        Column("changes", "Each changed field with its old and its new value.", Kind.OBJECT, nullable=True),
        Column("reason", "Why.", Kind.PROSE, nullable=True),
        Column("is_withheld", "Whether the release keeps changes and reason to itself.", Kind.BOOLEAN),
        Column("by_key", "Key of the person at the desk.", Kind.KEY, nullable=True),
        Column("subject_type", "What of the claim it was done to, if not the claim itself."),
        Column("subject_key", "Key of that at the desk.", Kind.KEY, nullable=True),
        Column("previous_hash", "Hash of the event before; empty for the first.", Kind.SHA256),
        Column("hash", "Hash of the event.", Kind.SHA256),
    ),
)


def tables_of(header: Header) -> tuple[Table, ...]:
    """The tables of a release, in the order of its files."""
    comments = (COMMENTS,) if header["with_comments"] else ()
    return (CLAIMS, EVIDENCE, APPEARANCES, ASSESSMENTS, *comments, HISTORY)
