import pytest

from airflow_provider_adls.model import acl
from airflow_provider_adls.model.acl import AclEntry

ID = "470c0ccf-c91a-4597-98cd-48507d2f1486"


@pytest.mark.parametrize(
    "text",
    [
        "user::rwx",
        f"user:{ID}:r-x",
        "mask::rw-",
        "other::---",
        f"default:group:{ID}:--x",
        "default:mask::rwx",
    ],
)
def test_an_entry_reads_back_as_itself(text):
    """An entry in the service's own spelling is written as it was read."""
    assert str(acl.parse_entry(text)) == text


def test_case_of_an_entry():
    """Types and rights are read without regard to case, as the ids are not."""
    assert acl.parse_entry("Default:USER:Anna:RWX") == AclEntry("user", "Anna", "rwx", default=True)


@pytest.mark.parametrize("text", ["user:x", "user:x:", "default:user:x", "mask", "other:", "default:mask:"])
def test_entries_to_remove_have_no_rights(text):
    """Where entries are removed, the rights are left out, and those that stand there do not count."""
    assert acl.parse_entry(text, rights=False).rights is None
    assert acl.parse_entry("user:x:rwx", rights=False) == AclEntry("user", "x", None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("user:x", r"must read \[default:\]type:id:rwx"),
        ("user:a:b:rwx", "must read"),
        ("owner::rwx", "type must be one of"),
        ("mask:x:rwx", "mask takes no id"),
        ("user::rwxt", "rights must read rwx"),
        ("user::xwr", "rights must read rwx"),
    ],
)
def test_malformed_entries(text, reason):
    """A malformed entry is named, with the rule that it breaks."""
    with pytest.raises(ValueError, match=reason):
        acl.parse_entry(text)


def test_a_spec_is_a_list_without_doubles():
    """A spec reads back as itself; an empty one, and one that names an entry twice, is refused."""
    text = f"user::rwx,user:{ID}:r--,group::r-x,other::---"
    assert acl.format_spec(acl.parse_spec(text)) == text
    with pytest.raises(ValueError, match="at least one entry"):
        acl.parse_spec(" , ")
    with pytest.raises(ValueError, match="stands twice"):
        acl.parse_spec("user::rwx,user::r--")


@pytest.mark.parametrize(
    ("text", "bits"), [("0770", 0o770), ("770", 0o770), ("1777", 0o1777), ("7", 7), ("0", 0)]
)
def test_permissions(text, bits):
    """Octal text of one to four digits is a permission; a leading 1 is the sticky bit."""
    assert acl.permission(text) == bits


@pytest.mark.parametrize("text", ["", "888", "2777", "07777", "rwx", "-1", " 770"])
def test_text_that_cannot_be_a_permission(text):
    """Anything else is refused."""
    with pytest.raises(ValueError, match="octal"):
        acl.permission(text)


@pytest.mark.parametrize("bits", range(8))
def test_bits_and_rights(bits):
    """Three bits and their letters are the same thing."""
    rights = acl.rights_of(bits)
    assert acl.bits_of(rights) == bits
    assert rights.replace("-", "") == "".join(c for c, b in zip("rwx", (4, 2, 1), strict=True) if bits & b)
