"""Arguments that operators of several families have."""

from datetime import date, timedelta

#: Stands in `RENDERED` for an argument that every string is right for.
ANYTHING = object()
#: Values of each argument that cannot be right.
WRONG = {
    "account_name": ("My-Lake", "", 5, "lake.example.com", b"lake"),
    "adls_gen1_conn_id": ("", 5),
    "path": ("raw", "s3://bucket/raw", "adl:///raw", "", 5, "/raw/2026-01-01T00:00:00"),
    "permission": ("rwx", "888", 750),
    "recursive": ("false", 1),
    "ignore_if_missing": ("no",),
    "overwrite": ("true", 1),
    "preview": ("false", 1),
    "modified_after": ("yesterday", "", 5, timedelta(1), ["2026-01-01"]),
    "modified_before": ("yesterday", "", 5, timedelta(1), ["2026-01-01"]),
    "older_than": ("30 days", "P1M", "", 0, -1, timedelta(0), date(2026, 1, 1), True),
}
#: What a template may turn out to give that is wrong, where the empty string is not.
RENDERED = {"permission": "rwx"}
