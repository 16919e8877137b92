"""Answers as values."""

from __future__ import annotations

import pytest

from airflow_provider_adls.client import AclStatus, ContentSummary
from airflow_provider_adls.model.acl import parse_spec

BODY = {"owner": "o", "group": "g", "permission": 770, "entries": ["user::rwx", "default:other::---"]}


def test_acl_status():
    """Entries are read, the permission is text whatever the JSON has, and the sticky bit may be left out."""
    assert AclStatus(
        "o", "g", "770", tuple(parse_spec("user::rwx,default:other::---"))
    ) == AclStatus.from_json(BODY)
    assert AclStatus.from_json({**BODY, "stickyBit": True}).sticky_bit is True


@pytest.mark.parametrize("missing", BODY)
def test_incomplete_acl_status(missing):
    """A key that is missing is named."""
    with pytest.raises(KeyError, match=missing):
        AclStatus.from_json({key: value for key, value in BODY.items() if key != missing})


def test_content_summary():
    """Numbers are taken by their names."""
    body = {"directoryCount": 1, "fileCount": 2, "length": 3, "quota": -1}
    assert ContentSummary(directories=1, files=2, length=3) == ContentSummary.from_json(body)
