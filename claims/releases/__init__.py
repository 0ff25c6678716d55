"""Releases: a claim set frozen as one ZIP that anyone can check offline. docs/releases.md says what is in it, and why.

`archive` writes the ZIP, `signing` has the keys, `verification` checks a ZIP for the desk, and `script/verify.py` is
put into every ZIP for those who do not have the desk.
"""
