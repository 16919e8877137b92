"""Permissions in octal digits and in clauses."""

import subprocess

import pytest

from airflow_provider_adls.model.modes import changed, check


@pytest.mark.parametrize(
    ("mode", "before", "file", "directory"),
    [
        ("750", 0o777, 0o750, 0o750),
        ("0", 0o777, 0, 0),
        ("1777", 0, 0o1777, 0o1777),
        ("u=rwX,g=rX,o=", 0o600, 0o640, 0o750),
        ("a+X", 0o700, 0o711, 0o711),
        ("a+X", 0o600, 0o600, 0o711),
        ("g+w", 0o750, 0o770, 0o770),
        ("o-rwx", 0o777, 0o770, 0o770),
        ("+r", 0o300, 0o744, 0o744),
        ("=rx", 0o777, 0o555, 0o555),
        ("ug+rw-x", 0o110, 0o660, 0o660),
        ("g=u", 0o640, 0o660, 0o660),
        ("o=g-w", 0o670, 0o675, 0o675),
        ("u+t", 0o755, 0o1755, 0o1755),
        ("-t", 0o1755, 0o755, 0o755),
        ("g=rx", 0o1770, 0o1750, 0o1750),
    ],
)
def test_changed(mode, before, file, directory):
    """Clauses change existing bits, digits replace them; ``X`` depends on the kind of path."""
    assert changed(mode, before, directory=False) == file
    assert changed(mode, before, directory=True) == directory


@pytest.mark.parametrize(
    ("mode", "before"),
    [
        ("u=rwX,g=rX,o=", 0o600),
        ("a+X", 0o640),
        ("a+X", 0o740),
        ("ug+rw-x", 0o711),
        ("g=u,o=g", 0o620),
        ("o=g-w", 0o670),
        ("a=", 0o777),
        ("u-wx,g+x", 0o777),
    ],
)
@pytest.mark.parametrize("directory", [False, True])
def test_as_chmod_does(tmp_path, mode, before, directory):
    """The same clauses make the same of a file and a directory of this machine."""
    path = tmp_path / "it"
    path.mkdir() if directory else path.touch()
    path.chmod(before)
    subprocess.run(["chmod", mode, path], check=True)
    assert path.stat().st_mode & 0o7777 == changed(mode, before, directory=directory)


@pytest.mark.parametrize("mode", ["", "rwx", "888", "2777", "u+s", "u=rwx;g=r", "z+r", "u", "u+r,", "7 0"])
def test_wrong(mode):
    """A value that is not a mode is refused, with how it must read."""
    with pytest.raises(ValueError, match=r"permission .* must be octal, 0 to 1777"):
        check(mode)
