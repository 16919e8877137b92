"""Open files."""

from __future__ import annotations

import gzip
import io
import pickle

import pytest

from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from airflow_provider_adls.model.operations import MAX_BODY
from tests.filesystem.test_content import content


@pytest.mark.parametrize(
    "cache_type",
    [
        "none",
        "readahead",
        "bytes",
        pytest.param(
            "mmap",
            # fsspec's cache leaves its temporary file to the garbage collector.
            marks=pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
        ),
        "all",
        "blockcache",
        "first",
        "background",
    ],
)
def test_reading(fs, cache_type):
    """A file is read from anywhere to anywhere, whatever its cache."""
    data = content(MAX_BODY + 1000)
    fs.pipe("/f", data)
    with fs.open("/f", "rb", cache_type=cache_type, block_size=2**20) as file:
        assert file.read(10) == data[:10]
        file.seek(-7, io.SEEK_END)
        assert file.read() == data[-7:]
        file.seek(MAX_BODY - 5)
        assert file.read(100) == data[MAX_BODY - 5 : MAX_BODY + 95]
        assert file.read(0) == b""
        file.seek(0)
        assert file.read() == data
        assert file.read() == b""
        assert file.size == file.details["size"] == len(data)


@pytest.mark.parametrize("size", [0, 1, MAX_BODY, 2 * MAX_BODY + 1])
@pytest.mark.parametrize("mode", ["wb", "xb"])
def test_writing(fs, size, mode):
    """What is written in pieces is there after the close, and not before."""
    data = content(size)
    with fs.open("/f", mode) as file:
        for start in range(0, size, 999_983):
            file.write(data[start : start + 999_983])
        assert file.tell() == size
        assert not fs.exists("/f")
    assert fs.cat("/f") == data
    assert fs.ls("/", detail=False) == ["/f"]


@pytest.mark.parametrize("size", [0, 1, MAX_BODY, 2 * MAX_BODY + 1])
def test_appending(fs, size):
    """Bytes are added to a file, or make it."""
    data = content(size)
    for start in (0, size):
        with fs.open("/f", "ab") as file:
            assert file.tell() == start
            file.write(data)
    assert fs.cat("/f") == data + data


def test_text(fs):
    """Text has its encoding and line ends, in every mode."""
    with fs.open("/f", "w", encoding="utf-16-le", newline="\r\n") as file:
        file.write("é\n文\n")
    assert fs.cat("/f").decode("utf-16-le") == "é\r\n文\r\n"
    with fs.open("/f", encoding="utf-16-le", mode="rt") as file:
        assert file.readlines() == ["é\n", "文\n"]
    with fs.open("/g", "x") as file:
        file.write("1")
    with fs.open("/g", "at") as file:
        file.write("2")
    assert fs.read_text("/g") == "12"
    fs.write_text("/g", "3")
    assert fs.read_text("/g") == "3"


def test_lines(fs):
    """A file is iterated line by line."""
    fs.pipe("/f", b"a\nb\nc")
    with fs.open("/f") as file:
        assert list(file) == [b"a\n", b"b\n", b"c"]


def test_compression(fs):
    """A file is compressed on its way."""
    with fs.open("/f.gz", "wb", compression="gzip") as file:
        file.write(b"data")
    assert gzip.decompress(fs.cat("/f.gz")) == b"data"
    with fs.open("/f.gz", "rt", compression="infer") as file:
        assert file.read() == "data"


def test_what_cannot_be_opened(fs):
    """Missing files, directories, files that must not be there, and modes of no file are refused at once."""
    fs.pipe("/d/f", b"1")
    for path, mode, error in [
        ("/nothing", "rb", FileNotFoundError),
        ("/d", "rb", IsADirectoryError),
        ("/d/f", "xb", FileExistsError),
        ("/d/f", "x", FileExistsError),
        ("/d/f", "r+b", NotImplementedError),
    ]:
        with pytest.raises(error):
            fs.open(path, mode)
    assert fs.cat("/d/f") == b"1"


@pytest.mark.parametrize("mode", ["wb", "w", "xb"])
@pytest.mark.parametrize("size", [1, MAX_BODY + 1])
def test_block_that_fails(fs, mode, size):
    """If the `with` block fails nothing appears, and what was there stays."""
    if mode != "xb":
        fs.pipe("/f", b"before")
    written = "x" * size if mode == "w" else bytes(size)

    def fail() -> None:
        with fs.open("/f", mode) as file:
            file.write(written)
            raise RuntimeError("midway")

    with pytest.raises(RuntimeError, match="midway"):
        fail()
    assert fs.find("/") == ([] if mode == "xb" else ["/f"])
    assert mode == "xb" or fs.cat("/f") == b"before"


def test_write_that_fails(fs, mocker):
    """After a write that failed, closing does not make a file of the rest."""
    file = fs.open("/f", "wb", block_size=10)
    file.write(b"0123456789")
    mocker.patch.object(file._upload, "write", side_effect=OSError("lost"))
    with pytest.raises(OSError, match="lost"):
        file.write(b"0123456789")
    file.close()
    assert file.closed
    assert fs.find("/") == []


def test_transaction(fs):
    """Files of a transaction appear at its end, all of them."""
    fs.pipe("/log", b"1")
    with fs.transaction:
        for name, mode in [("/a", "wb"), ("/b", "xb"), ("/log", "ab")]:
            with fs.open(name, mode) as file:
                file.write(b"2")
        with pytest.raises(RuntimeError), fs.open("/c", "wb") as file:
            raise RuntimeError
        open_still = fs.open("/d", "wb")
        open_still.write(b"3")
        assert fs.cat("/log") == b"1"
        assert fs.find("/") == ["/log"]
    assert fs.cat(["/a", "/b", "/d", "/log"]) == {"/a": b"2", "/b": b"2", "/d": b"3", "/log": b"12"}
    assert fs.find("/") == ["/a", "/b", "/d", "/log"]


def test_transaction_that_fails(fs):
    """Nothing of a transaction that fails appears, big files included."""

    def fail() -> None:
        with fs.transaction:
            for name, size in [("/a", 1), ("/b", MAX_BODY + 1)]:
                with fs.open(name, "wb") as file:
                    file.write(bytes(size))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert fs.find("/") == []


def test_pickle(options, credential):
    """An open file goes to another process with its place, if its file system does."""
    del options["tenant_id"], options["client_id"], options["client_secret"]
    fs = ADLSGen1FileSystem(**options, credential=Static(credential.get_token()))
    fs.pipe("/f", b"0123456789")
    with fs.open("/f") as file:
        file.read(4)
        with pickle.loads(pickle.dumps(file)) as again:
            assert again.read() == b"456789"


class Static:
    """A credential that pickles."""

    def __init__(self, token):
        self.token = tuple(token)

    def get_token(self, *scopes):
        from airflow_provider_adls.auth import AccessToken

        return AccessToken(*self.token)
