"""`BaseXCom`, whose module differs between the versions of Airflow.

`XCom` of `common.compat.sdk` is the backend that is configured, and cannot be the base of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow.sdk.bases.xcom import BaseXCom
else:
    try:
        from airflow.sdk.bases.xcom import BaseXCom
    except ImportError:
        from airflow.models.xcom import BaseXCom

__all__ = ["BaseXCom"]
