"""What a glob of the lake stands for, beside what tests/hooks/test_files.py shows of it."""

import pytest

from airflow_provider_adls.lake.glob import glob_root, is_glob


@pytest.mark.parametrize(
    ("path", "root"), [("/a/b*/c", "/a"), ("/a*", ""), ("a*", ""), ("/a/[b]", "/a"), ("/a/b/?", "/a/b")]
)
def test_glob_root(path, root):
    """The root of a glob is the directory before its first wildcard."""
    assert (is_glob(path), glob_root(path)) == (True, root)
