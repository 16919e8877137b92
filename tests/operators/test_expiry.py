"""Operators for expiry."""

from datetime import UTC, datetime, timedelta

from airflow_provider_adls.operators.expiry import ADLSGen1ClearExpiryOperator, ADLSGen1SetExpiryOperator


def test_set_and_clear(hook, run):
    """A time or a span for all files of a tree, by template too; and none again."""
    for name in ("/t/1.csv", "/t/a/2.csv"):
        hook.write_file(name, name)

    def expires():
        return hook.filesystem.info("/t/a/2.csv")["expires"]

    when = datetime(2050, 1, 1, tzinfo=UTC)
    context = {"when": when.isoformat(), "seconds": "3600"}
    seen = run(
        ADLSGen1SetExpiryOperator, context, path="/t/**", recursive=True, expires_at=when, preview=True
    )
    assert (seen["paths"], expires()) == (["/t/1.csv", "/t/a/2.csv"], None)
    done = run(ADLSGen1SetExpiryOperator, context, path="/t", recursive=True, expires_at="{{ when }}")
    assert (done["files"], expires()) == (2, when)
    run(
        ADLSGen1SetExpiryOperator,
        context,
        path=["/t/a/2.csv"],
        expires_in="{{ seconds }}",
        since_creation=True,
    )
    assert expires() - hook.filesystem.info("/t/a/2.csv")["created"] == timedelta(hours=1)
    assert run(ADLSGen1ClearExpiryOperator, path="/t", recursive=True)["files"] == 2
    assert expires() is None
