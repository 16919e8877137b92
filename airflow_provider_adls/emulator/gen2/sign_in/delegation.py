"""User delegation keys: what a principal with a token gets to sign signatures with, for some days."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from airflow_provider_adls.emulator.gen2.errors import refused
from airflow_provider_adls.emulator.gen2.sign_in.sas import moment
from airflow_provider_adls.emulator.gen2.sign_in.shared_key import sign

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.gen2.account import StorageAccount

#: Seconds that a key lives at most.
_LONGEST = 7 * 86400
_FORM = "%Y-%m-%dT%H:%M:%SZ"


def value(account: StorageAccount, oid: str, tenant: str, start: str, end: str, version: str) -> str:
    """Return the key itself: it follows from what it is for, so that none need be kept."""
    return sign(account.delegation_key, f"{oid}\n{tenant}\n{start}\n{end}\nb\n{version}")


def answer(account: StorageAccount, body: bytes, oid: str, tenant: str, version: str, now: float) -> bytes:
    """Return the document of a new key.

    :param body: `KeyInfo`, which says from when until when it is to live.
    :param oid: object id of the caller.
    :raises StorageError: if the body is not one, or asks for more than seven days.
    """
    try:
        asked = {part.tag: part.text or "" for part in ET.fromstring(body)}  # noqa: S314 - expat bounds its entities
    except ET.ParseError:
        raise refused("InvalidXmlDocument") from None
    start, end = moment(asked.get("Start") or _text(now)), moment(asked.get("Expiry", ""))
    if start is None or end is None:
        raise refused("InvalidXmlNodeValue")
    if not start < end or end <= now or end - now > _LONGEST or start - now > _LONGEST:
        raise refused("InvalidXmlNodeValue")
    signed = {
        "SignedOid": oid,
        "SignedTid": tenant,
        "SignedStart": _text(start),
        "SignedExpiry": _text(end),
        "SignedService": "b",
        "SignedVersion": version,
    }
    root = ET.Element("UserDelegationKey")
    for name, text in signed.items():
        ET.SubElement(root, name).text = text
    key = value(account, oid, tenant, signed["SignedStart"], signed["SignedExpiry"], version)
    ET.SubElement(root, "Value").text = key
    return b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?>' + ET.tostring(root)


def _text(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime(_FORM)
