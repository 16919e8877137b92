from airflow_provider_adls.model.status import FileStatus

FILE = FileStatus("a.csv", "FILE", 6, 1495839594595, 1495839594575, "770", "anna", "staff", 1896091200000)
DIRECTORY = FileStatus(
    "raw", "DIRECTORY", 0, 1495839594595, 1495839594575, "750", "anna", "staff", acl_bit=True
)


def test_a_directory_has_no_expiry():
    """A directory's JSON has no expiration time, and lengths of 0, as in every recording."""
    body = DIRECTORY.to_json()
    assert "msExpirationTime" not in body
    assert (body["length"], body["blockSize"], body["replication"]) == (0, 0, 0)
    assert FILE.to_json()["msExpirationTime"] == 1896091200000
