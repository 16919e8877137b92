"""Open files."""

from __future__ import annotations

import gzip
import io
import pickle

import pytest

from airflow_provider_adls.filesystem import ADLSGen1FileSystem, files
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


@pytest.mark.parametrize("end", [b"", b"\n", b"last"])
def test_lines(fs, end, monkeypatch):
    """A binary file gives the lines that a file of this machine gives, wherever a read of it ends."""
    monkeypatch.setattr(files, "_WINDOW", 10)
    data = b"\n".join(content(size).replace(b"\n", b" ") for size in (0, 3, 9, 10, 11, 35, 0, 0, 4)) + end
    fs.pipe("/f", data)
    with fs.open("/f", "rb") as file:
        assert list(file) == list(io.BytesIO(data))
        assert file.readline() == b""
        file.seek(0)
        assert file.readlines() == io.BytesIO(data).readlines()
    with fs.open("/f", "rb") as file:
        assert file.readlines(12) == io.BytesIO(data).readlines(12)


def test_lines_between_other_reads(fs, monkeypatch):
    """Lines, parts of lines, seeks and other reads of a file go on where the one before ended."""
    monkeypatch.setattr(files, "_WINDOW", 10)
    data = b"first\nsecond line\n\nfourth\n"
    fs.pipe("/f", data)
    ours, plain = fs.open("/f", "rb"), io.BytesIO(data)
    for step in (
        lambda file: file.readline(),
        lambda file: file.readline(3),
        lambda file: file.tell(),
        lambda file: file.readline(0),
        lambda file: file.readline(100),
        lambda file: file.read(1),
        lambda file: file.seek(2),
        lambda file: file.readline(),
        lambda file: file.seek(-3, io.SEEK_END),
        next,
        lambda file: file.seek(0),
        lambda file: file.readline(None),
    ):
        assert step(ours) == step(plain)
    ours.close()
    with pytest.raises(ValueError, match="closed"):
        ours.readline()


def test_a_loop_over_lines_goes_on_from_where_its_body_reads_to(fs):
    """A loop over lines whose body reads, seeks or closes goes on there, as with a file of this machine."""
    fs.pipe("/f", b"1\n2\n3\n4\n5\n6\n")
    seen = []
    with fs.open("/f", "rb") as file:
        for line in file:
            seen.append(line)
            if line == b"2\n":
                assert file.read(2) == b"3\n"
            elif line == b"4\n":
                assert file.tell() == 8
                file.seek(10)
    assert seen == [b"1\n", b"2\n", b"4\n", b"6\n"]
    file = fs.open("/f", "rb")
    lines = iter(file)
    assert next(lines) == b"1\n"
    file.close()
    with pytest.raises(ValueError, match="closed"):
        next(lines)


def test_lines_of_an_empty_file(fs):
    """An empty file has no lines."""
    fs.touch("/f")
    with fs.open("/f", "rb") as file:
        assert file.readlines() == []


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
