"""One address per act; every name is the name of its view."""

from django.urls import URLPattern, path

from claims.views import (
    assessments,
    claim_bulk,
    claim_list,
    claim_sets,
    claims,
    comments,
    desk,
    documents,
    evidence,
    exports,
    palette,
    people,
    relations,
    sentences,
    sources,
    stages,
)

desk_urls = [
    path("", desk.desk, name="desk"),
    path("activity/", desk.activity, name="activity"),
    path("mentions/seen/", desk.see_mentions, name="see_mentions"),
    path("palette/", palette.palette, name="palette"),
    path("profile/", people.profile, name="profile"),
    path("keys/", people.keys, name="keys"),
    path("keys/single/", people.single_keys, name="single_keys"),
]
document_urls = [
    path("documents/", documents.document_list, name="document_list"),
    path("documents/add/", documents.document_add, name="document_add"),
    path("documents/<int:pk>/", documents.document_detail, name="document_detail"),
    path("documents/<int:pk>/claims/add/", documents.document_claim_add, name="document_claim_add"),
    path("documents/<int:pk>/export.<slug:format>", exports.document_export, name="document_export"),
    path("sentences/<int:pk>/dispose/", sentences.sentence_dispose, name="sentence_dispose"),
]
claim_urls = [
    path("claims/", claim_list.claim_list, name="claim_list"),
    path("claims/export.<slug:format>", exports.claim_export, name="claim_export"),
    path("claims/bulk/", claim_bulk.claim_bulk, name="claim_bulk"),
    path("claims/<int:pk>/", claims.claim_detail, name="claim_detail"),
    path("claims/<int:pk>/edit/", claims.claim_edit, name="claim_edit"),
    path("claims/<int:pk>/organise/", claims.claim_organise, name="claim_organise"),
    path("claims/<int:pk>/take/", stages.claim_take, name="claim_take"),
    path("claims/<int:pk>/release/", stages.claim_release, name="claim_release"),
    path("claims/<int:pk>/assign/", stages.claim_assign, name="claim_assign"),
    path("claims/<int:pk>/dismiss/", stages.claim_dismiss, name="claim_dismiss"),
    path("claims/<int:pk>/restore/", stages.claim_restore, name="claim_restore"),
    path("claims/<int:pk>/reopen/", stages.claim_reopen, name="claim_reopen"),
    path("claims/<int:pk>/assessment/draft/", assessments.assessment_draft, name="assessment_draft"),
    path("claims/<int:pk>/assessment/submit/", assessments.assessment_submit, name="assessment_submit"),
    path("claims/<int:pk>/assessment/withdraw/", assessments.assessment_withdraw, name="assessment_withdraw"),
    path("claims/<int:pk>/assessment/approve/", assessments.assessment_approve, name="assessment_approve"),
    path("claims/<int:pk>/assessment/return/", assessments.assessment_return, name="assessment_return"),
    path("claims/<int:pk>/evidence/add/", evidence.evidence_add, name="evidence_add"),
    path("evidence/<int:pk>/edit/", evidence.evidence_edit, name="evidence_edit"),
    path("evidence/<int:pk>/retract/", evidence.evidence_retract, name="evidence_retract"),
    path("claims/<int:pk>/comments/add/", comments.claim_comment_add, name="claim_comment_add"),
    path("comments/<int:pk>/edit/", comments.comment_edit, name="comment_edit"),
    path("comments/<int:pk>/resolve/", comments.comment_resolve, name="comment_resolve"),
    path("comments/<int:pk>/reopen/", comments.comment_reopen, name="comment_reopen"),
    path("claims/<int:pk>/relations/add/", relations.relation_add, name="relation_add"),
    path("relations/<int:pk>/remove/", relations.relation_remove, name="relation_remove"),
]
source_urls = [
    path("sources/", sources.source_list, name="source_list"),
    path("sources/add/", sources.source_add, name="source_add"),
    path("sources/<int:pk>/", sources.source_detail, name="source_detail"),
    path("sources/<int:pk>/edit/", sources.source_edit, name="source_edit"),
    path("sources/<int:pk>/comments/add/", comments.source_comment_add, name="source_comment_add"),
]
claim_set_urls = [
    path("sets/", claim_sets.claim_set_list, name="claim_set_list"),
    path("sets/add/", claim_sets.claim_set_add, name="claim_set_add"),
    path("sets/<int:pk>/", claim_sets.claim_set_detail, name="claim_set_detail"),
    path("sets/<int:pk>/edit/", claim_sets.claim_set_edit, name="claim_set_edit"),
    path("sets/<int:pk>/claims/add/", claim_sets.claim_set_add_claims, name="claim_set_add_claims"),
    path("sets/<int:pk>/claims/remove/", claim_sets.claim_set_remove_claims, name="claim_set_remove_claims"),
    path("sets/<int:pk>/export.<slug:format>", exports.claim_set_export, name="claim_set_export"),
]

urlpatterns: list[URLPattern] = [*desk_urls, *document_urls, *claim_urls, *source_urls, *claim_set_urls]
