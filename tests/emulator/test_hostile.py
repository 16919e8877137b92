"""Requests that no client of good will sends: each has an answer, and none leaves its account."""

from __future__ import annotations

import base64
import contextlib
import gzip
import hmac
import itertools
import json
import logging
import re
import socket
import ssl
from urllib.parse import urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from airflow_provider_adls.emulator import Emulator
from airflow_provider_adls.emulator.identity.authority import Authority
from airflow_provider_adls.emulator.identity.tokens import signing_key

ARM = "https://management.core.windows.net/"
LAKE = "https://datalake.azure.net/"
PATHS = [
    b"..",
    b"../../../../etc/passwd",
    b"%2e%2e/%2e%2e/x",
    b"..%2F..%2F..%2Fx",
    b"..%5c..%5cx",
    b"%00",
    b"a%00b",
    b"%2F%2F",
    b"%0d%0aX-Injected:%201",
    b"%7f",
    b"%ff%fe",
    b"\xff\xfe",
    b"%ED%A0%80",
    b"x" * 1000,
    b"y" * 256,
    b"%C3%BC" * 200,
    b"d/" * 1000,
    b"%zz",
    b"[",
    b"*",
    b"a;b=c",
    b"%",
]
CALLS = [
    (b"PUT", b"/webhdfs/v1/", b"op=CREATE&write=true&overwrite=true"),
    (b"PUT", b"/webhdfs/v1/", b"op=MKDIRS"),
    (b"POST", b"/webhdfs/v1/", b"op=APPEND&append=true"),
    (b"POST", b"/webhdfs/v1/", b"op=MSCONCAT"),
    (b"GET", b"/webhdfs/v1/", b"op=LISTSTATUS"),
    (b"GET", b"/webhdfs/v1/", b"op=OPEN&read=true"),
    (b"PUT", b"/webhdfs/v1/", b"op=RENAME&destination=/../../../../renamed"),
    (b"DELETE", b"/webhdfs/v1/", b"op=DELETE&recursive=true"),
]
#: All that may lie in a data folder: no name of it is a client's.
OWN_FILES = re.compile(
    r"ca\.pem|lake\.db(-wal|-shm)?|lock|content|content/[0-9a-f]{2}|content/[0-9a-f]{2}/[0-9a-f]+"
    r"|private|private/(ca-key|server|token-key)\.pem"
)


class Line:
    """A TLS connection to an emulator, for bytes as they are."""

    def __init__(self, emulator):
        parts = urlsplit(emulator.url)
        plain = socket.create_connection((parts.hostname, parts.port), timeout=180)
        context = ssl.create_default_context(cafile=emulator.ca_file)
        self.socket = context.wrap_socket(plain, server_hostname="localhost")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, content):
        # Who is refused before all is sent is hung up on, and finds the answer there.
        with contextlib.suppress(ConnectionError, ssl.SSLEOFError):
            self.socket.sendall(content)

    def rest(self):
        """All that comes until the emulator hangs up."""
        content = b""
        with contextlib.suppress(ConnectionError):
            while received := self.socket.recv(65536):
                content += received
        return content


def ask(emulator, request_line, token="", headers=b"", content=b"", host=b"Host: localhost\r\n"):
    """Send one request as it is, and return its status and whole answer."""
    bearer = b"Authorization: Bearer " + token.encode() + b"\r\n" if token else b""
    if b"Content-Length" not in headers and b"Transfer-Encoding" not in headers:
        headers += b"Content-Length: %d\r\n" % len(content)
    with Line(emulator) as line:
        line.send(
            request_line + b" HTTP/1.1\r\n" + host + bearer + headers + b"Connection: close\r\n\r\n" + content
        )
        answer = line.rest()
    assert b"Traceback" not in answer
    assert b"X-Injected" not in answer.partition(b"\r\n\r\n")[0]
    return int(answer.split()[1]), answer


@pytest.fixture
def tokens(browser):
    """Tokens of the emulator's own principal, by resource."""
    return {name: browser.bearer(name)["Authorization"].removeprefix("Bearer ") for name in (ARM, LAKE)}


def arm_path(emulator, rest):
    return f"/subscriptions/{emulator.subscription_id}{rest}?api-version=2016-11-01".encode()


ACCOUNT = "/resourceGroups/rg/providers/Microsoft.DataLakeStore/accounts/hostile"


def test_no_path_leaves_the_data_folder(tmp_path, browse):
    """Whatever a path is written like, it is served or refused, and only the emulator's files are made."""
    folder = tmp_path / "a" / "b" / "data"
    with Emulator(accounts=("lake",), data=folder) as emulator, browse(emulator) as browser:
        token = browser.bearer(LAKE)["Authorization"].removeprefix("Bearer ")
        statuses = {
            ask(emulator, verb + b" /adls/lake" + prefix + path + b"?" + query, token, content=b"x")[0]
            for path, (verb, prefix, query) in itertools.product(PATHS, CALLS)
        }
        assert browser.lake("GET", "lake", "/", params={"op": "LISTSTATUS"}).status_code == 200
    assert {200, 201, 400, 404} <= statuses
    assert max(statuses) < 500
    found = {str(path.relative_to(folder)) for path in tmp_path.rglob("*") if path.is_relative_to(folder)}
    assert {name for name in found - {"."} if not OWN_FILES.fullmatch(name)} == set()
    assert [path.name for path in tmp_path.rglob("*") if not path.is_relative_to(folder)] == ["a", "b"]


@pytest.mark.parametrize("path", PATHS, ids=range(len(PATHS)))
def test_no_path_upsets_the_other_services(emulator, tokens, path):
    """Resource Manager and the authority refuse such paths, in their place and as a whole."""
    for line in (
        b"GET " + arm_path(emulator, "").partition(b"?")[0] + b"/resourceGroups/" + path + b"?api-version=x",
        b"PUT " + arm_path(emulator, ACCOUNT).replace(b"hostile", path),
        b"GET /" + path,
        b"POST /" + path + b"/oauth2/token",
        b"GET /" + path + b"/v2.0/.well-known/openid-configuration",
    ):
        assert 400 <= ask(emulator, line, tokens[ARM], content=b"{}")[0] < 500


@pytest.mark.parametrize(
    "content",
    [
        b'{"sources":' * 20_000,
        b'{"sources":["/\\ud800"]}',
        b'{"sources":["/a\\u0000"]}',
        b'{"sources":[1]}',
        b'{"sources":"/a"}',
        b'{"sources":' + b"9" * 5000 + b"}",
        b"\xff",
    ],
    ids=["deep", "half a surrogate pair", "NUL", "number", "no list", "long number", "no UTF-8"],
)
def test_sources_that_are_none_are_refused(emulator, account, tokens, content):
    """Malformed content of MSCONCAT is refused, in every form."""
    line = f"POST /adls/{account}/webhdfs/v1/all?op=MSCONCAT".encode()
    status, answer = ask(emulator, line, tokens[LAKE], content=content)
    assert (status, b"IllegalArgumentException" in answer) == (400, True)


@pytest.mark.parametrize(
    "content",
    [b"[" * 100_000, b'{"location":' + b'{"a":' * 50_000, b"\xff", b'{"location":"\\ud800"}', b"[]", b"1"],
    ids=["deep list", "deep object", "no UTF-8", "half a surrogate pair", "list", "number"],
)
@pytest.mark.parametrize("verb", [b"PUT", b"PATCH"])
def test_account_that_is_none_is_refused(emulator, tokens, verb, content):
    """Resource Manager refuses what describes no account, in its own words."""
    status, answer = ask(emulator, verb + b" " + arm_path(emulator, ACCOUNT), tokens[ARM], content=content)
    assert status in {400, 404}
    assert "code" in json.loads(answer.partition(b"\r\n\r\n")[2])["error"]


@pytest.mark.parametrize("encoding", [b"gzip", b"deflate", b"br"])
def test_encoded_content_is_not_decoded(emulator, account, tokens, encoding):
    """A file has the bytes that were sent, whatever their Content-Encoding; other services refuse them."""
    headers = b"Content-Encoding: " + encoding + b"\r\n"
    content = gzip.compress(b"a file that is compressed itself")
    target = f"/adls/{account}/webhdfs/v1/f".encode()
    assert (
        ask(emulator, b"PUT " + target + b"?op=CREATE&write=true", tokens[LAKE], headers, content)[0] == 201
    )
    query = f"?op=APPEND&append=true&offset={len(content)}".encode()
    assert ask(emulator, b"POST " + target + query, tokens[LAKE], headers, b"not encoded")[0] == 200
    answer = ask(emulator, b"GET " + target + b"?op=GETFILESTATUS", tokens[LAKE])[1]
    status = json.loads(answer.partition(b"\r\n\r\n")[2])["FileStatus"]
    assert status["length"] == len(content) + len(b"not encoded")
    for line, token in (
        (b"PUT " + arm_path(emulator, ACCOUNT), tokens[ARM]),
        (f"POST /{emulator.tenant_id}/oauth2/token".encode(), ""),
    ):
        assert ask(emulator, line, token, headers, content)[0] == 400


@pytest.mark.parametrize(
    "host",
    [
        b"",
        b"Host:\r\n",
        b"Host: a\r\nHost: b\r\n",
        b"Host: a b\r\n",
        b"Host: \xff\r\n",
        b"Host: [::1\r\n",
        b"Host: user@localhost\r\n",
        b"Host: localhost/adls\r\n",
    ],
)
def test_host_that_is_none_is_refused(emulator, host):
    """Answers repeat the Host header in URLs, so a request has one, which is a host's name."""
    assert ask(emulator, b"GET /common/v2.0/.well-known/openid-configuration", host=host)[0] == 400


@pytest.mark.parametrize(
    "query",
    [
        # All of it has come when it is too much: who is hung up on while he sends may not see the answer.
        b"op=LISTSTATUS&x=" + b"y" * 70_000,
        b"&".join(b"a%d=b" % number for number in range(600)),
        b"=&=&&%",
    ],
    ids=["70 kB", "600 parameters", "nothing"],
)
def test_query_that_is_too_much_is_refused(emulator, account, tokens, query):
    """A huge query, or one of nonsense, is refused."""
    assert ask(emulator, f"GET /adls/{account}/webhdfs/v1/?".encode() + query, tokens[LAKE])[0] == 400


def base64url(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def encoded(part):
    return base64url(json.dumps(part).encode())


def test_tokens_made_up_open_nothing(tmp_path, browse):
    """A token without a signature, or with one of another key, is rejected, whatever its claims."""
    with Emulator(accounts=("lake",), data=tmp_path) as emulator, browse(emulator) as browser:
        good = browser.bearer(LAKE)["Authorization"].removeprefix("Bearer ")
        claims = jwt.decode(good, options={"verify_signature": False})
        head, body, signature = good.split(".")
        public = signing_key(tmp_path).public_key()
        spki = public.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        other = signing_key(tmp_path / "other")
        # The public key is published: a verifier that lets the token choose takes it for a shared secret.
        shared = f"{encoded({'alg': 'HS256', 'typ': 'JWT'})}.{body}"
        changed = f"{head}.{encoded(claims | {'exp': claims['exp'] + 1})}.{signature}"
        made_up = {
            "none": jwt.encode(claims, None, algorithm="none"),
            "HS256": f"{shared}.{base64url(hmac.digest(spki, shared.encode(), 'sha256'))}",
            "other key": jwt.encode(
                claims, other, algorithm="RS256", headers=jwt.get_unverified_header(good)
            ),
            "no signature": f"{head}.{body}.",
            "changed": changed,
            "huge": "x." * 3000,
        }
        for name, token in made_up.items():
            assert ask(emulator, b"GET /adls/lake/webhdfs/v1/?op=LISTSTATUS", token)[0] == 401, name
        header = b"Authorization: Bearer \xff\xfe\r\n"
        assert ask(emulator, b"GET /adls/lake/webhdfs/v1/?op=LISTSTATUS", headers=header)[0] == 401
        assert ask(emulator, b"GET /adls/lake/webhdfs/v1/?op=LISTSTATUS", good)[0] == 200


def create(account, name, length, token):
    return (
        f"PUT /adls/{account}/webhdfs/v1/{name}?op=CREATE&write=true HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


def test_content_that_breaks_off_is_not_written(emulator, account, browser, tokens):
    """A request whose client leaves in the middle of its content changes nothing."""
    with Line(emulator) as line:
        line.send(create(account, "half", 1000, tokens[LAKE]) + b"x" * 500)
    assert browser.lake("GET", account, "/half", params={"op": "GETFILESTATUS"}).status_code == 404


def test_content_longer_than_declared_is_cut(emulator, account, browser, tokens):
    """A file has the declared number of bytes; those that follow are a malformed request."""
    with Line(emulator) as line:
        line.send(create(account, "cut", 3, tokens[LAKE]) + b"abc")
        assert line.socket.recv(65536).startswith(b"HTTP/1.1 201")
        line.send(b"def\r\n\r\n")
        assert line.rest().split()[1] == b"400"
    answer = browser.lake("GET", account, "/cut", params={"op": "OPEN", "read": "true"})
    assert answer.content == b"abc"


def test_content_longer_than_declared_is_refused_with_its_request(emulator, account, browser, tokens):
    """Where the excess comes in one piece with the request, neither is taken."""
    with Line(emulator) as line:
        line.send(create(account, "cut", 3, tokens[LAKE]) + b"abcdef\r\n\r\n")
        assert line.rest().split()[1] == b"400"
    assert browser.lake("GET", account, "/cut", params={"op": "GETFILESTATUS"}).status_code == 404


def test_requests_sent_at_once_are_answered_in_order(emulator, account, tokens):
    """Pipelined requests have their answers one after the other."""
    names = [f"piped{number}" for number in range(20)]
    last = (
        f"GET /adls/{account}/webhdfs/v1/?op=LISTSTATUS HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    )
    with Line(emulator) as line:
        line.send(
            b"".join(create(account, name, 1, tokens[LAKE]) + b"x" for name in names)
            + f"{last}Authorization: Bearer {tokens[LAKE]}\r\n\r\n".encode()
        )
        answers = line.rest()
    assert re.findall(rb"HTTP/1.1 (\d+)", answers) == [b"201"] * 20 + [b"200"]
    listed = json.loads(answers.rpartition(b"\r\n\r\n")[2])["FileStatuses"]["FileStatus"]
    assert [status["pathSuffix"] for status in listed] == sorted(names)


def test_slow_client_holds_up_nobody(emulator, account, browser, tokens):
    """While one client's content dribbles in, others are served, and in the end it is whole."""
    with Line(emulator) as line:
        line.send(create(account, "slow", 6, tokens[LAKE]))
        for letter in b"slowly"[:5]:
            line.send(bytes([letter]))
            assert browser.lake("GET", account, "/slow", params={"op": "GETFILESTATUS"}).status_code == 404
        line.send(b"y")
        assert line.socket.recv(100).startswith(b"HTTP/1.1 201")
    answer = browser.lake("GET", account, "/slow", params={"op": "OPEN", "read": "true"})
    assert answer.content == b"slowly"


def test_failure_of_ours_says_nothing_of_our_insides(monkeypatch, mocker, caplog, browse):
    """A failure of the emulator is answered in one line, in asyncio's debug mode too, and logged."""
    monkeypatch.setenv("PYTHONASYNCIODEBUG", "1")
    mocker.patch.object(Authority, "handle", side_effect=ZeroDivisionError("inside"))
    with Emulator() as emulator, browse(emulator) as browser:
        answer = browser.send("GET", "/common/discovery/instance")
        assert (answer.status_code, answer.text) == (500, "The emulator failed, and says why in its log.\n")
        assert browser.send("GET", "/nowhere").status_code == 404
        assert [(record.method, record.status) for record in emulator.requests] == [("GET", 500)]
    (record,) = [record for record in caplog.records if record.name.endswith("emulator.app")]
    assert record.exc_info[0] is ZeroDivisionError


def test_failure_at_the_beginning_of_an_answer_is_an_error(emulator, account, browser, tokens, mocker):
    """A file that cannot be read at all is the service's own error, for clients to try again."""
    browser.lake("PUT", account, "/big", params={"op": "CREATE", "write": "true"}, data=b"x" * 1_000_000)
    reads = mocker.patch("airflow_provider_adls.emulator.store.blobs.MemoryBlobs.read")
    reads.side_effect = OSError("the disk is gone")
    answer = browser.lake("GET", account, "/big", params={"op": "OPEN", "read": "true"})
    assert (answer.status_code, answer.json()["RemoteException"]["exception"]) == (500, "RuntimeException")
    assert "the disk is gone" in answer.json()["RemoteException"]["message"]
    reads.side_effect = [b"x"]
    params = {"op": "OPEN", "read": "true", "length": "1"}
    assert browser.lake("GET", account, "/big", params=params).content == b"x"


def test_failure_in_the_middle_of_an_answer_hangs_up(emulator, account, browser, tokens, mocker, caplog):
    """A file that cannot be read to its end is not passed off as a shorter one, and the log says so once."""
    browser.lake("PUT", account, "/big", params={"op": "CREATE", "write": "true"}, data=b"x" * 1_000_000)
    reads = mocker.patch("airflow_provider_adls.emulator.store.blobs.MemoryBlobs.read")
    reads.side_effect = [b"x" * 256 * 1024, OSError("the disk is gone")]
    status, answer = ask(
        emulator, f"GET /adls/{account}/webhdfs/v1/big?op=OPEN&read=true".encode(), tokens[LAKE]
    )
    assert status == 200
    assert not answer.endswith(b"0\r\n\r\n")
    assert b"HTTP/1.1" not in answer[10:]
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert str(record.exc_info[1]) == "The data folder cannot be used: the disk is gone"
