"""A task that failed on a lake is tried again where that may help, and else fails at once."""

from __future__ import annotations

from datetime import timedelta

import airflow
import pytest
from airflow.providers.common.compat.sdk import AirflowFailException

from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.model.errors import ADLSGen1Error, ServiceUnreachableError
from airflow_provider_adls.policies.failing import fail_at_once


def missing_path(hook, fault):
    hook.read_file("/not/here")


def missing_right(hook, fault):
    fault(service="lake", operation="MKDIRS", status=403, error="AccessControlException")
    hook.make_directory("/raw")


def missing_account(hook, fault):
    # The emulator answers so to the name of an account that it does not have.
    ADLSGen1Hook(hook.adls_gen1_conn_id, account_name="nosuchaccount").list_paths("/")


def missing_connection(hook, fault):
    ADLSGen1Hook("no_such_connection").list_paths("/")


def local_file(hook, fault):
    hook.upload("/no/such/file.csv", "/raw/")


def wrong_secret(hook, fault):
    fault(service="login", account=None, error="AADSTS7000215")
    ADLSGen1Hook("never_signed_in").list_paths("/")


def throttle(hook, fault):
    fault(service="lake", operation="LISTSTATUS", retry_after=3)
    hook.list_paths("/")


def long_throttle(hook, fault):
    fault(service="lake", operation="LISTSTATUS", retry_after=10_000_000)
    hook.list_paths("/")


def outage(hook, fault):
    fault(service="lake", operation="LISTSTATUS", status=500)
    hook.list_paths("/")


def wrapped(hook, fault):
    try:
        missing_path(hook, fault)
    except ADLSGen1Error as error:
        raise RuntimeError("the day's files are incomplete") from error


def bug(hook, fault):
    raise ValueError("of the task's own")


FINAL = [missing_path, missing_right, missing_account, missing_connection, local_file, wrong_secret, wrapped]
OTHERS = [throttle, long_throttle, outage, bug]


def names(functions):
    return [function.__name__ for function in functions]


@pytest.fixture
def hook(connect):
    """A hook that sends each request once."""
    connect("never_signed_in", login="3ab1c0de-0000-0000-0000-000000000000", password="wrong")
    return ADLSGen1Hook(connect(retries="0"))


def failure(action, hook, fault) -> Exception:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whichever it is
        action(hook, fault)
    return caught.value


@pytest.fixture
def policy():
    if airflow.__version__ < "3.3":
        pytest.skip("retry policies came with 3.3")
    from airflow_provider_adls.policies.retry import ADLSGen1RetryPolicy

    return ADLSGen1RetryPolicy()


def decide(policy, error):
    decision = policy.evaluate(exception=error, try_number=1, max_tries=3)
    return decision.action.value, decision.retry_delay, decision.reason


@pytest.mark.parametrize("action", FINAL, ids=names(FINAL))
def test_no_retry_helps(policy, hook, fault, action):
    """A missing right, path, account or connection and a wrong secret fail the task; the reason names it."""
    error = failure(action, hook, fault)
    verdict, delay, reason = decide(policy, error)

    assert (verdict, delay) == ("fail", None)
    assert (
        reason
        == f"{type(error.__cause__ if action is wrapped else error).__name__}: another try would end the same"
    )


@pytest.mark.parametrize(
    ("action", "decision"),
    [
        (throttle, ("retry", timedelta(seconds=3), "ThrottledError: the service asks to wait 3 s")),
        (long_throttle, ("retry", timedelta(hours=1), "ThrottledError: the service asks to wait 1e+07 s")),
        (outage, ("retry", None, "ServiceFailureError: it may pass")),
        (bug, ("default", None, None)),
    ],
    ids=names(OTHERS),
)
def test_a_retry_may_help(policy, hook, fault, action, decision):
    """A throttle waits as the service asks, an outage by the task's delay; Airflow decides on the rest."""
    assert decide(policy, failure(action, hook, fault)) == decision


def test_a_policy_survives_serialization(policy):
    """A policy is as before after it was JSON."""
    again = type(policy).deserialize(type(policy)(timedelta(minutes=5)).serialize())
    assert again.longest_wait == timedelta(minutes=5)


@pytest.mark.parametrize("action", FINAL, ids=names(FINAL))
def test_fail_at_once(hook, fault, action):
    """What no retry helps is raised as an exception that no version of Airflow retries."""
    error = failure(fail_at_once()(action), hook, fault)
    assert isinstance(error, AirflowFailException)
    assert str(error).startswith("not retried, ")
    assert error.__cause__ is not None


@pytest.mark.parametrize("action", OTHERS, ids=names(OTHERS))
def test_fail_at_once_leaves_others(hook, fault, action):
    """What may pass, and what is not the lake's, is raised as it is."""
    error = failure(fail_at_once()(action), hook, fault)
    assert not isinstance(error, AirflowFailException)


def test_further_exceptions_fail_at_once():
    """Exceptions that a task names fail it at once, but not if the service may recover."""

    @fail_at_once(ValueError, OSError)
    def fail(error):
        raise error

    with pytest.raises(AirflowFailException, match="not retried, ValueError: no such shard"):
        fail(ValueError("no such shard"))
    with pytest.raises(ServiceUnreachableError):
        fail(ServiceUnreachableError("no answer"))
    with pytest.raises(RuntimeError):
        fail(RuntimeError("another one"))


def test_an_older_airflow_names_the_other_way():
    """Where Airflow has no policies, the import says what to use."""
    if airflow.__version__ >= "3.3":
        pytest.skip("this one has them")
    with pytest.raises(ImportError, match="fail_at_once"):
        import airflow_provider_adls.policies.retry  # noqa: F401
