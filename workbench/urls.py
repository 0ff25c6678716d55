"""The whole map: sign-in, the Django admin, what is published, the workbench."""

from django.contrib import admin
from django.urls import include, path

handler400 = "claims.views.errors.bad_request"
handler403 = "claims.views.errors.forbidden"
handler404 = "claims.views.errors.not_found"
handler500 = "claims.views.errors.server_error"

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("", include("claims.public_urls")),
    path("", include("claims.urls")),
]
