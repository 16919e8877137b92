"""Appends that are done once."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from airflow_provider_adls.model.errors import BadOffsetError
from airflow_provider_adls.model.operations import MAX_BODY
from airflow_provider_adls.model.paths import kept_name

MARKER = f"/{kept_name('/f', 'task')}"


def names(hook):
    return hook.filesystem.ls("/", detail=False)


@pytest.mark.parametrize("content", [b"", b"two", b"2" * (MAX_BODY + 5)], ids=len)
def test_once(hook, content):
    """An append that was done, and whose task was killed before it knew, is not done again."""
    hook.write_file("/f", "one")
    assert hook.append_to_file("/f", content, once="task")["appended"] is True
    assert names(hook) == ["/f"]
    hook.write_file(MARKER, "3")
    assert hook.append_to_file("/f", content, once="task")["appended"] is False
    assert (hook.filesystem.cat("/f"), names(hook)) == (b"one" + content, ["/f"])


def test_not_begun(hook):
    """An append that was announced and not begun is done."""
    hook.write_file("/f", "one")
    hook.write_file(MARKER, "3")
    assert hook.append_to_file("/f", "two", once="task")["appended"] is True
    assert hook.filesystem.cat("/f") == b"onetwo"


def test_broken_off(hook):
    """An append of which a part was done is done to its end."""
    hook.write_file("/f", "onetw")
    hook.write_file(MARKER, "3")
    assert hook.append_to_file("/f", "two", once="task")["appended"] is True
    assert (hook.filesystem.cat("/f"), names(hook)) == (b"onetwo", ["/f"])


def test_another_writer_came_first(hook):
    """Where another writer has appended meanwhile, the append goes behind that."""
    hook.write_file("/f", "one, other")
    hook.write_file(MARKER, "3")
    assert hook.append_to_file("/f", "two", once="task")["appended"] is True
    assert hook.filesystem.cat("/f") == b"one, othertwo"


def test_the_same_data_of_other_work(hook):
    """Data that is in the file already does not suppress other work's append of the same data."""
    for day in ("1", "2"):
        hook.append_to_file("/f", "ok\n", once=day)
    assert hook.filesystem.cat("/f") == b"ok\nok\n"


def test_two_writers_at_once(hook):
    """What several append at the same time is there once each, whole."""
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda n: hook.append_to_file("/f", f"<{n}>" * 20, once=str(n)), range(12)))
    content = hook.filesystem.cat("/f").decode()
    assert sorted(content) == sorted("".join(f"<{n}>" * 20 for n in range(12)))
    assert all(f"<{n}>" * 20 in content for n in range(12))
    assert names(hook) == ["/f"]


def test_other_writers_are_always_faster(hook, mocker):
    """An append that never finds the end where it was is given up in the end."""
    hook.write_file("/f", "one")
    mocker.patch.object(type(hook.filesystem.client), "append", side_effect=BadOffsetError("elsewhere"))
    with pytest.raises(BadOffsetError):
        hook.append_to_file("/f", "two", once="task")


def test_directory(hook):
    """A directory takes no data."""
    hook.make_directory("/d")
    with pytest.raises(OSError, match="/d"):
        hook.append_to_file("/d", "two", once="task")


KILLED = """
import os
from airflow_provider_adls.client import WebHdfsClient
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
hook = ADLSGen1Hook()
append = WebHdfsClient.append
async def killed(*arguments, **options):
    await append(*arguments, **options)
    os.kill(os.getpid(), 9)
WebHdfsClient.append = killed
hook.append_to_file("/f", "two", once="task")
"""


def test_killed_in_the_middle(hook):
    """A process that is killed between the append and its end leaves what the next one finishes."""
    hook.write_file("/f", "one")
    assert subprocess.run([sys.executable, "-c", KILLED]).returncode == -9
    assert hook.filesystem.cat("/f") == b"onetwo"
    assert len(names(hook)) == 2
    assert hook.list_paths("/") == ["/f"]
    assert hook.append_to_file("/f", "two", once="task")["appended"] is False
    assert (hook.filesystem.cat("/f"), names(hook)) == (b"onetwo", ["/f"])
