from django import forms

from claims.actions.comments import COMMENT_LIMIT
from claims.forms.fields import TextField


class CommentForm(forms.Form):
    """A remark or a reply, in Markdown."""

    body = TextField(
        label="Comment",
        max_length=COMMENT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write something first."},
    )
