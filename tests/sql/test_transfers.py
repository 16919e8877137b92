"""Rows of a database go into a file of the lake, and files into a table, by operator."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import textwrap
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from airflow_provider_adls.transfers.adls_gen1_to_sql import ADLSGen1ToSQLOperator
from airflow_provider_adls.transfers.sql_to_adls_gen1 import SQLToADLSGen1Operator
from tests.sql.conftest import execute, select

TABLE = """
    CREATE TABLE {name} (
        id integer, name text, price numeric(20, 4), share double precision, sold boolean, day date,
        at timestamp, moment timestamptz, hour time, raw bytea, "Order no." integer, "select" text
    )
"""
ROWS = [
    (
        1,
        'a "quoted", text\nof two lines; é ☃',
        Decimal("1234567890123456.7800"),
        0.1,
        True,
        date(2026, 11, 29),
        datetime(2026, 11, 29, 1, 2, 3, 400_000),  # noqa: DTZ001 - without a zone
        datetime(2026, 11, 29, 1, 2, 3, tzinfo=UTC),
        time(1, 2, 3),
        b"\x00\xff\r\n",
        7,
        "%s",
    ),
    (2, "", Decimal("-0.0001"), -1e300, False, date(1, 1, 1), None, None, None, b"", -1, ""),
    (3, *[None] * 11),
]
TYPES = {"raw": "bytes"}


def run(operator, context=None, **arguments):
    task = operator(task_id="task", **arguments)
    task.render_template_fields(context or {})
    result = task.execute(context or {})
    assert result == json.loads(json.dumps(result))
    return result


def unload(**arguments):
    return run(SQLToADLSGen1Operator, **arguments)


def load(**arguments):
    return run(ADLSGen1ToSQLOperator, **arguments)


def bytes_of(row):
    return tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)


@pytest.fixture
def typed_table(postgres):
    """A table of PostgreSQL with a row of each kind, and an empty one like it."""
    execute(postgres, TABLE.format(name="source"), TABLE.format(name="target"))
    from airflow_provider_adls.sql.database import Database

    database = Database(postgres)
    columns = [
        *("id", "name", "price", "share", "sold", "day", "at", "moment", "hour", "raw"),
        *("Order no.", "select"),
    ]
    with database.transaction() as connection:
        database.insert(connection, "source", columns, ROWS)
    return postgres


@pytest.mark.parametrize("file", ["r.csv", "r.csv.gz", "r.jsonl", "r.json.gz", "r.parquet"])
@pytest.mark.parametrize("chunk", [1, 2, 1000])
def test_every_type_and_back(hook, typed_table, file, chunk):
    """Texts, numbers, booleans, dates, times, bytes and None of PostgreSQL come back as they were."""
    path = f"/raw dir/[1] é/{file}"
    done = unload(
        sql="SELECT * FROM source ORDER BY id", sql_conn_id=typed_table, path=path, chunk_rows=chunk
    )
    assert (done["path"], done["rows"], done["columns"][-2:]) == (path, 3, ["Order no.", "select"])
    assert done["bytes"] == hook.filesystem.size(path)

    types = None if file.endswith("parquet") else TYPES
    done = load(path=[path], sql_conn_id=typed_table, table="public.target", types=types, chunk_rows=chunk)
    assert done == {"table": "public.target", "rows": 3, "files": 1, "paths": [path]}
    assert [bytes_of(row) for row in select(typed_table, "SELECT * FROM target ORDER BY id")] == ROWS


def test_parquet_has_types(hook, typed_table):
    """The columns of Parquet have the types of the values, and not those of the first chunk."""
    import pyarrow.parquet as pq

    sql = "SELECT * FROM source ORDER BY id DESC"
    unload(sql=sql, sql_conn_id=typed_table, path="/r.parquet", chunk_rows=1)
    with hook.filesystem.open("/r.parquet") as file:
        schema = pq.read_schema(file)
    assert [
        str(schema.field(name).type) for name in ("id", "name", "price", "share", "sold", "day", "at")
    ] == [*("int64", "string", "decimal128(20, 4)", "double", "bool", "date32[day]", "timestamp[us]")]
    assert str(schema.field("moment").type) == "timestamp[us, tz=UTC]"
    assert [str(schema.field(name).type) for name in ("hour", "raw")] == ["time64[us]", "binary"]


def test_text_formats(hook, sqlite):
    """CSV keeps empty text apart from None; JSON lines keep numbers; a file without rows has its header."""
    execute(sqlite, "CREATE TABLE t (n integer, s text)", "INSERT INTO t VALUES (1, ''), (NULL, NULL)")
    for path in ("/t.csv", "/t.jsonl", "/t.csv.gz"):
        unload(sql="SELECT n, s FROM t ORDER BY 1 DESC", sql_conn_id=sqlite, path=path)
    assert hook.filesystem.cat("/t.csv") == b'n,s\n1,""\n,\n'
    assert hook.filesystem.cat("/t.jsonl") == b'{"n": 1, "s": ""}\n{"n": null, "s": null}\n'
    assert gzip.decompress(hook.filesystem.cat("/t.csv.gz")) == b'n,s\n1,""\n,\n'

    empty = "SELECT n, s FROM t WHERE n > 5"
    assert unload(sql=empty, sql_conn_id=sqlite, path="/e.csv")["rows"] == 0
    assert hook.filesystem.cat("/e.csv") == b"n,s\n"
    unload(sql=empty, sql_conn_id=sqlite, path="/e.txt", file_format="csv", header=False)
    assert hook.filesystem.cat("/e.txt") == b""
    unload(sql=empty, sql_conn_id=sqlite, path="/e.parquet")
    for path in ("/e.csv", "/e.parquet"):
        assert load(path=path, sql_conn_id=sqlite, table="t")["rows"] == 0


def test_templates(hook, sqlite, tmp_path):
    """Query, parameters and path are templates."""
    execute(sqlite, "CREATE TABLE t (day text)", "INSERT INTO t VALUES ('2026-11-29'), ('2026-11-30')")
    done = unload(
        context={"ds": "2026-11-29"},
        sql="SELECT day FROM t WHERE day = :day OR day = '{{ ds }}x'",
        parameters={"day": "{{ ds }}"},
        sql_conn_id=sqlite,
        path="/raw/{{ ds }}.csv",
    )
    assert (done["path"], done["rows"]) == ("/raw/2026-11-29.csv", 1)


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_a_failure_leaves_both_sides(request, hook, database):
    """A query that fails leaves the file, and a row that is refused leaves the table as it was."""
    conn_id = request.getfixturevalue(database)
    execute(conn_id, "CREATE TABLE t (n integer NOT NULL)", "INSERT INTO t VALUES (1)")
    hook.filesystem.pipe("/t.csv", b"old")
    with pytest.raises(Exception, match="nowhere"):
        unload(sql="SELECT n FROM nowhere", sql_conn_id=conn_id, path="/t.csv")
    # A cursor of PostgreSQL's server takes nothing but a query either.
    with pytest.raises(Exception, match=r"must be a query|syntax error"):
        unload(sql="UPDATE t SET n = 2", sql_conn_id=conn_id, path="/t.csv")
    with pytest.raises(ValueError, match="two columns have one name: n, n"):
        unload(sql="SELECT n, n FROM t", sql_conn_id=conn_id, path="/t.csv")
    assert hook.list_paths("/") == ["/t.csv"]
    assert hook.filesystem.cat("/t.csv") == b"old"
    with pytest.raises(FileExistsError):
        unload(sql="SELECT n FROM t", sql_conn_id=conn_id, path="/t.csv", overwrite=False)

    hook.filesystem.pipe({"/in/a.csv": b"n\n10\n11\n", "/in/b.csv": b"n\n12\n\n13\nx,y\n"})
    with pytest.raises(ValueError, match=r"/in/b.csv: row 3 has 2 fields, and the columns are 1"):
        load(path="/in/*.csv", sql_conn_id=conn_id, table="t", preoperator="DELETE FROM t", chunk_rows=1)
    hook.filesystem.pipe("/in/b.csv", b'n\n""\n')
    with pytest.raises(ValueError, match=r"/in/b.csv: row 1, column 'n': '' is not of type int"):
        load(
            path="/in/*.csv", sql_conn_id=conn_id, table="t", preoperator="DELETE FROM t", types={"n": "int"}
        )
    assert select(conn_id, "SELECT n FROM t") == [(1,)]

    hook.filesystem.pipe("/in/b.csv", b"n\n12\n")
    done = load(path="/in/*.csv", sql_conn_id=conn_id, table="t", preoperator=["DELETE FROM t"])
    assert (done["rows"], done["paths"]) == (3, ["/in/a.csv", "/in/b.csv"])
    assert select(conn_id, "SELECT n FROM t ORDER BY n") == [(10,), (11,), (12,)]


def test_types_of_text(hook, sqlite):
    """Columns of CSV and JSON lines have the types that are given; a decimal keeps its digits."""
    execute(sqlite, "CREATE TABLE t (i, f, d, b, day, at, raw, j)")
    types = {
        "i": "int",
        "f": "float",
        "d": "decimal",
        "b": "bool",
        "day": "date",
        "at": "datetime",
        "raw": "bytes",
    }
    hook.filesystem.pipe(
        {
            "/t.csv": b"i,f,d,b,day,at,raw,j\r\n"
            b'1,1.5,0.10,true,2026-01-01,2026-01-01T01:02:03Z,AP8=,"[1, 2]"\r\n',
            "/t.jsonl": b'{"i": 1.0, "f": 1.5, "d": 0.10, "b": true, "day": "2026-01-01",'
            b' "at": "2026-01-01T01:02:03Z", "raw": "AP8=", "j": [1, 2]}\n\n',
        }
    )
    for path in ("/t.csv", "/t.jsonl"):
        load(path=path, sql_conn_id=sqlite, table="t", types=types, preoperator="DELETE FROM t")
        assert select(sqlite, "SELECT * FROM t") == [
            (1, 1.5, "0.10", 1, "2026-01-01", "2026-01-01 01:02:03+00:00", b"\x00\xff", "[1, 2]")
        ]


def test_columns(hook, sqlite):
    """Columns are picked by name, and name those of a file without a header; a missing one is an error."""
    execute(sqlite, "CREATE TABLE t (a, b)")
    hook.filesystem.pipe({"/t.csv": b"b,c,a\n1,2,3\n", "/n.csv": b"4,5\n", "/t.jsonl": b'{"a": 6, "x": 0}\n'})
    load(path="/t.csv", sql_conn_id=sqlite, table="t", columns=["a", "b"])
    load(path="/n.csv", sql_conn_id=sqlite, table="t", columns=["a", "b"], header=False)
    load(path="/t.jsonl", sql_conn_id=sqlite, table="t", columns=["a", "b"])
    assert select(sqlite, "SELECT a, b FROM t") == [("3", "1"), ("4", "5"), (6, None)]
    with pytest.raises(ValueError, match=r"/t.csv: the file has no column 'x': it has b, c, a"):
        load(path="/t.csv", sql_conn_id=sqlite, table="t", columns=["x"])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b'a\n"x\n', "the last record ends inside of quotes"),
        ("a.csv", b'a\n"x"y\n', "line 2 is not CSV at character 1"),
        ("a.csv", b"a\n\xff\n", "line 2 is not UTF-8"),
        ("a.csv", b"a,a\n1,2\n", "two columns of the header have one name"),
        ("a.csv.gz", b"a\n1\n", "Not a gzipped file"),
        ("a.jsonl", b'{"a": 1}\n{"a":', "line 2 is not JSON"),
        ("a.jsonl", b"[1]\n", "line 1 is not a dictionary"),
        ("a.jsonl", b'{"a": 1}\n{"b": 1}\n', "line 2 has a column 'b'"),
        ("a.parquet", b"a\n1\n", "it is not Parquet"),
        ("a.csv", b'"a) VALUES (1); DROP TABLE t; --"\n1\n', "no column named"),
    ],
)
def test_broken_files(hook, sqlite, name, content, said):
    """Content that is not of the format is an error that names the place, and inserts nothing."""
    execute(sqlite, "CREATE TABLE t (a)")
    hook.filesystem.pipe(f"/{name}", content)
    with pytest.raises(Exception, match=said):
        load(path=f"/{name}", sql_conn_id=sqlite, table="t", chunk_rows=1)
    assert select(sqlite, "SELECT * FROM t") == []


def test_nothing_to_load(hook, sqlite):
    """A glob without a match is an error, or no work."""
    with pytest.raises(FileNotFoundError, match=r"no file matches /in/\*.csv"):
        load(path="/in/*.csv", sql_conn_id=sqlite, table="t")
    assert load(path="/in/*.csv", sql_conn_id=sqlite, table="t", ignore_if_missing=True)["files"] == 0


@pytest.mark.parametrize("end", ["csv", "jsonl.gz", "parquet"])
def test_rights_and_expiry(hook, sqlite, end):
    """A file appears with its permission and expiry, and keeps them when it is replaced."""
    path = f"/raw/a.{end}"
    unload(sql_conn_id=sqlite, sql="SELECT 1 AS n", path=path, permission="604", expires_in="P1D")
    first = hook.get_status(path)
    assert (first["permission"], bool(first["expires"])) == ("604", True)

    result = unload(sql_conn_id=sqlite, sql="SELECT 2 AS n", path=path, keep=["permission", "expiry"])

    assert result["kept"] == {"permission": 1, "expiry": 1}
    again = hook.get_status(path)
    assert (again["permission"], again["expires"]) == ("604", first["expires"])


def test_access_control_list(hook, sqlite):
    """A file appears with its whole access control list; with a permission beside it the task is refused."""
    reader = "user:6f7a0a55-34c8-45fb-8f0e-0c6f2c0d6f3d:r--"
    entries = ["user::rw-", reader, "group::r--", "other::---"]
    query = {"sql_conn_id": sqlite, "sql": "SELECT 1 AS n", "path": "/raw/a.csv"}
    unload(**query, acl=entries)
    assert reader in hook.get_acl("/raw/a.csv")["entries"]
    with pytest.raises(ValueError, match="argument 'acl': has no meaning beside permission"):
        SQLToADLSGen1Operator(task_id="task", **query, acl=entries, permission="640")


@pytest.mark.parametrize(
    ("operator", "arguments", "said"),
    [
        (
            SQLToADLSGen1Operator,
            {"sql": "SELECT 1", "path": "/a.txt"},
            "'file_format': '/a.txt' does not end in",
        ),
        (SQLToADLSGen1Operator, {"sql": "SELECT 1", "path": "/a.parquet.gz"}, "Parquet is compressed inside"),
        (SQLToADLSGen1Operator, {"sql": "", "path": "/a.csv"}, "argument 'sql'"),
        (SQLToADLSGen1Operator, {"sql": "x", "path": "/a.csv", "parameters": 3}, "argument 'parameters'"),
        (
            ADLSGen1ToSQLOperator,
            {"path": "/a", "table": "t", "header": False},
            "'columns': without a header",
        ),
        (
            ADLSGen1ToSQLOperator,
            {"path": "/a", "table": "t", "types": {"a": "date "}},
            "'date ' is not a type",
        ),
        (ADLSGen1ToSQLOperator, {"path": "/a", "table": ""}, "argument 'table'"),
    ],
)
def test_wrong_arguments(operator, arguments, said):
    """A wrong argument fails when the DAG is parsed, and is named."""
    with pytest.raises(ValueError, match=said):
        operator(task_id="task", sql_conn_id="base", **arguments)


@pytest.mark.parametrize("name", ["", "a\0b"])
def test_a_name_that_no_column_has(hook, sqlite, name):
    """A name in a file that can be no column's is an error, and inserts nothing."""
    execute(sqlite, "CREATE TABLE t (a)")
    hook.filesystem.pipe_file("/in/1.jsonl", json.dumps({name: 1}).encode())
    with pytest.raises(ValueError, match="is not the name of a column"):
        load(path="/in/1.jsonl", table="t", sql_conn_id=sqlite)
    assert select(sqlite, "SELECT * FROM t") == []


def test_without_common_sql(monkeypatch):
    """Without the provider of databases' hooks the error at parse names the extra."""
    monkeypatch.setitem(sys.modules, "airflow.providers.common.sql.hooks.sql", None)
    with pytest.raises(ValueError, match=r"pip install 'airflow-provider-adls\[sql\]'"):
        SQLToADLSGen1Operator(task_id="task", sql="SELECT 1", path="/a.csv", sql_conn_id="x")


def test_another_connection(hook):
    """A connection that is not one to a database is named."""
    with pytest.raises(ValueError, match="'adls_gen1_default' is not one to a database"):
        unload(sql="SELECT 1", sql_conn_id="adls_gen1_default", path="/a.csv")


MEMORY = """
    import sys, tracemalloc
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
    from airflow_provider_adls.sql.database import Database

    hook, database = ADLSGen1Hook(), Database("postgres")
    sql = f"SELECT n, repeat('x', 20000) AS s FROM generate_series(1, {sys.argv[2]}) AS n"
    hook.write_query(database, "SELECT 1 AS n", "/first" + sys.argv[1])
    tracemalloc.start()
    hook.write_query(database, sql, "/r" + sys.argv[1], chunk_rows=100)
    assert hook.load_table("/r" + sys.argv[1], database, "t", chunk_rows=100)["rows"] == int(sys.argv[2])
    print(tracemalloc.get_traced_memory()[1])
"""


@pytest.mark.long
@pytest.mark.parametrize("end", [".csv", ".parquet"])
def test_memory_does_not_grow(hook, postgres, end):
    """A file of 100 MB needs no more memory than one of 40 MB, in a process of its own."""
    execute(postgres, "CREATE TABLE t (n integer, s text)")
    peaks = []
    for rows in ("2000", "5000"):
        script = [sys.executable, "-c", textwrap.dedent(MEMORY), end, rows]
        done = subprocess.run(script, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        peaks.append(int(done.stdout.splitlines()[-1]))
    assert peaks[1] < 1.3 * peaks[0], peaks
