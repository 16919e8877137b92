"""Secret and tokens are found nowhere that a person other than their owner looks."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import traceback
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, quote_plus

import certifi
import pytest
from airflow.providers.common.compat.sdk import redact

from airflow_provider_adls.auth import ResourceManagerCredential
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.model.errors import (
    ADLSGen1Error,
    RequestError,
    ServiceUnreachableError,
    SignInError,
)
from airflow_provider_adls.operators.files import ADLSGen1ListOperator

CLIENT, SECRET = "77777777-7777-4777-8777-777777777777", "Hidden~Secret.0123456789-abcdef"


@pytest.fixture
def secretive(connect, emulator, caplog):
    """A hook whose secret no other test knows, with every library at DEBUG."""
    emulator.add_principal(CLIENT, SECRET, super_user=True)
    for name in (None, *logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, logger=name)
    return ADLSGen1Hook(connect(login=CLIENT, password=SECRET))


def tokens(hook):
    """The tokens that are in use."""
    accounts = ResourceManagerCredential(hook.token_source()).get_token().token
    return hook.filesystem_credentials.get_token().token, accounts


def test_logs(secretive, account, caplog):
    """At DEBUG of every library, sign-in, account, file and the SDK's file system log none of them."""
    assert secretive.test_connection()[0]
    secretive.get_account(account)
    secretive.filesystem.pipe("/a", b"1")
    secretive.get_conn().cat("/a")
    hidden = (SECRET, *tokens(secretive))
    assert caplog.records
    assert [
        record.name for record in caplog.records if any(one in record.getMessage() for one in hidden)
    ] == []
    assert not any(one in caplog.text for one in hidden)


def test_logs_of_a_refusal(connect, emulator, caplog, secretive):
    """A wrong secret is in neither log, nor error, nor what caused it."""
    wrong = "Wrong~Secret.0123456789-abcdef"
    with pytest.raises(ADLSGen1Error) as caught:
        ADLSGen1Hook(connect(login=CLIENT, password=wrong)).filesystem.ls("/")
    error = caught.value
    said = [caplog.text]
    while error:
        said.append(f"{error!r} {error}")
        error = error.__cause__ or error.__context__
    assert wrong not in " ".join(said)


@pytest.mark.parametrize(
    "rule", [{"status": 429}, {"status": 503}, {"status": 200, "body": "<html>"}, {"drop": "before"}, {}]
)
@pytest.mark.parametrize("way", ["secret", "certificate"])
def test_frames_of_a_failed_sign_in(connect, emulator, certificate, way, rule):
    """A traceback with the local variables of its frames, as error trackers record it, shows neither.

    An empty rule stands for a certificate that is not trusted.
    """
    key = certificate.private_key.splitlines()[3]
    secret = "Hidden~Secret+/=0123456789-abcdef"
    if way == "secret":
        hook = ADLSGen1Hook(connect(login=CLIENT, password=secret, retries=0))
    else:
        pem = certificate.private_key + certificate.certificate
        method = {"auth_method": "client_certificate", "private_key": pem, "retries": 0}
        hook = ADLSGen1Hook(connect(login=CLIENT, **method))
    source = hook.token_source()
    if not rule:
        source = replace(source.source, ca_file=certifi.where())
        rule = {"status": 503}
    with emulator.fault(service="login", operation="token", **rule), pytest.raises(SignInError) as caught:
        source.acquire("https://datalake.azure.net/")
    # The test's own frame knows them.
    error = caught.value.with_traceback(caught.tb.tb_next)
    shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert "self = MaskedSource" in shown or "self = Client" in shown
    assert [one for one in (secret, quote(secret), quote_plus(secret), key) if one in shown] == []


def test_frames_of_a_request_that_breaks_off(secretive, fault):
    """Nor does one of a request show the token."""
    lake = secretive.filesystem
    fault(operation="GETFILESTATUS", drop="before")
    with pytest.raises(ServiceUnreachableError) as caught:
        lake.info("/raw")
    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert "transport.py" in shown
    assert not any(one in shown for one in (SECRET, *tokens(secretive)))


@pytest.mark.parametrize("rule", [{"status": 503}, {"status": 403}, {"drop": "before"}])
def test_frames_of_a_resource_manager_that_fails(connect, emulator, rule):
    """Nor does one of a request to the Resource Manager."""
    hook = ADLSGen1Hook(connect(retries=0))
    with emulator.fault(service="arm", **rule), pytest.raises(RequestError) as caught:
        hook.get_account("mylake")
    error = caught.value.with_traceback(caught.tb.tb_next)
    shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert "errors.py" in shown
    assert not any(one in shown for one in tokens(hook))


def test_masked(secretive):
    """Airflow's masker knows the secret as soon as the connection is read."""
    assert secretive.settings.client_secret == SECRET
    assert SECRET not in str(redact(f"the secret is {SECRET}"))


def test_masked_tokens(secretive):
    """Airflow's masker knows both tokens before anybody has them."""
    for token in tokens(secretive):
        assert redact(f"the token is {token}.") == "the token is ***."


def test_reprs(secretive):
    """No object that one may print shows any of them."""
    hidden = (SECRET, *tokens(secretive))
    shown = repr(
        [
            secretive,
            vars(secretive),
            secretive.settings,
            secretive.token_source(),
            secretive.filesystem_credentials,
            secretive.filesystem_credentials.get_token(),
            secretive.filesystem,
        ]
    )
    assert not any(one in shown for one in hidden)


def test_xcom_and_rendered_fields(secretive):
    """An operator's rendered fields and its result hold the id of the connection, and no secret."""
    secretive.filesystem.pipe("/a.csv", b"1")
    task = ADLSGen1ListOperator(task_id="list", path="/*.csv")
    fields = {name: getattr(task, name) for name in task.template_fields}
    shown = json.dumps([fields, task.execute({})], default=repr)
    assert not any(one in shown for one in (SECRET, *tokens(secretive)))


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="reads lists of processes in /proc")
def test_process_list(adls_gen1_connection, emulator):
    """The doctor's process shows the connection's id and no secret in the list of processes."""
    command = [sys.executable, "-m", "airflow_provider_adls.cli", "doctor", "--conn-id", adls_gen1_connection]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    arguments = Path(f"/proc/{process.pid}/cmdline").read_bytes()
    printed = b"".join(process.communicate())
    assert process.returncode == 0
    assert emulator.client_secret.encode() not in arguments + printed
