"""The Django admin: people, verdict scale and sources are managed here; the record can only be read.

Everything that changes goes through claims.actions, so that history has its event.
"""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

from claims.admin import people, records, sources, verdicts

__all__ = ["people", "records", "sources", "verdicts"]

admin.site.site_header = "Workbench administration"
admin.site.site_title = "Workbench administration"
admin.site.index_title = "People, scale, sources and the record"
# One way in: the desk's own sign-in, with its limits on attempts.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign, no-untyped-call]
admin.site.disable_action("delete_selected")
