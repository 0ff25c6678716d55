from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

MISMATCH = "That name and password do not match. Passwords are case-sensitive."


class AccountAdapter(DefaultAccountAdapter):
    """How people sign in. Accounts are made by admins, never by strangers."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": MISMATCH,
        "email_password_mismatch": MISMATCH,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
