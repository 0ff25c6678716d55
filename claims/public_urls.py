"""Addresses for readers without an account; http.PUBLIC says where they begin. No answer at them has a cookie."""

from django.urls import URLPattern, path

from claims.views import published, published_feeds, published_files, published_keys, release_check

urlpatterns: list[URLPattern] = [
    path("robots.txt", published.robots, name="robots"),
    path("published/", published.published_list, name="published_list"),
    path("published/feed.<slug:format>", published_feeds.published_feed, name="published_feed"),
    path("published/keys/", published_keys.published_keys, name="published_keys"),
    path("published/keys/<slug:key_id>/minisign.pub", published_keys.published_key, name="published_key"),
    path("published/<slug:token>/", published.published_release, name="published_release"),
    path("published/<slug:token>/feed.<slug:format>", published_feeds.release_feed, name="published_release_feed"),
    path("published/<slug:token>/release.zip", published_files.published_zip, name="published_zip"),
    path("published/<slug:token>/files/<str:name>", published_files.published_file, name="published_file"),
    path("published/<slug:token>/claims/<str:reference>/", published.published_claim, name="published_claim"),
    path("verify/", release_check.verify_release, name="verify_release"),
]
