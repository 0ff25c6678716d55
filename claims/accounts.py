from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """How people sign in. Accounts are made by admins, never by strangers."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
