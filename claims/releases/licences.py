"""A licence as formats name it: by an address, or by a name that anybody can look up. Pure."""

import re

_CREATIVE_COMMONS = re.compile(r"CC[- ](BY(?:-NC)?(?:-SA|-ND)?)[- ](\d\.\d)", re.IGNORECASE)
_WAIVED = re.compile(r"CC0(?:[- ]1\.0)?", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[!-~]+")
_NAME = re.compile(r"[-a-zA-Z0-9._]+")


def licence_url(licence: str) -> str:
    """The address of a Creative Commons licence such as CC-BY-4.0, or what is an address already; else ""."""
    licence = licence.strip()
    if found := _CREATIVE_COMMONS.fullmatch(licence):
        return f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/"
    if _WAIVED.fullmatch(licence):
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    return licence if _ADDRESS.fullmatch(licence) else ""


def licences(licence: str) -> list[dict[str, str]]:
    """As a Data Package lists them: by name, which is one word, with the address and the words as they were typed."""
    name, path = licence.strip().replace(" ", "-"), licence_url(licence)
    if not name:
        return []
    named = {"name": name} if _NAME.fullmatch(name) else {}
    found = {**named, **({"path": path} if path else {}), "title": licence.strip()}
    # The standard asks for a name or an address; free words are neither.
    return [found] if "name" in found or path else []
