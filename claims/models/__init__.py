"""The nouns of the workbench, one module each; their QuerySets are the query language."""

from claims.models.appearance import Appearance
from claims.models.assessment import Assessment
from claims.models.base import StaleVersion, Versioned
from claims.models.calendar import ReleaseCalendar
from claims.models.capture import Capture, Sighting
from claims.models.claim import Claim, Tag
from claims.models.claim_set import ClaimSet, ClaimSetItem, Omission
from claims.models.comment import Comment, Mention
from claims.models.document import Document, IntegrityFault, Sentence, Snapshot, sha256
from claims.models.event import Event
from claims.models.evidence import Evidence
from claims.models.job import Job, Upload
from claims.models.reanchoring import Reanchoring
from claims.models.registry import SourceAlias, SourceDomain, SourceMerge
from claims.models.relation import Relation
from claims.models.release import Correction, Recipient, Release, ReleaseClaim, SigningKey
from claims.models.search import SearchEntry
from claims.models.search_record import Search
from claims.models.source import Source
from claims.models.submission import Submission
from claims.models.suggestion import Suggestion
from claims.models.user import User
from claims.models.verdict import Verdict
from claims.models.weighting import Weighting
from claims.models.working import RankRow, Working, WorkingInput

__all__ = [
    "Appearance",
    "Assessment",
    "Capture",
    "Claim",
    "ClaimSet",
    "ClaimSetItem",
    "Comment",
    "Correction",
    "Document",
    "Event",
    "Evidence",
    "IntegrityFault",
    "Job",
    "Mention",
    "Omission",
    "RankRow",
    "Reanchoring",
    "Recipient",
    "Relation",
    "Release",
    "ReleaseCalendar",
    "ReleaseClaim",
    "Search",
    "SearchEntry",
    "Sentence",
    "Sighting",
    "SigningKey",
    "Snapshot",
    "Source",
    "SourceAlias",
    "SourceDomain",
    "SourceMerge",
    "StaleVersion",
    "Submission",
    "Suggestion",
    "Tag",
    "Upload",
    "User",
    "Verdict",
    "Versioned",
    "Weighting",
    "Working",
    "WorkingInput",
    "sha256",
]
