from azure.datalake.store.lib import DatalakeRESTInterface

from airflow_provider_adls.model.operations import OPERATIONS, WEBHDFS_EXT


def test_the_sdks_operations_are_all_there():
    """Each operation that the SDK sends is in the table, with its verb and its parameters."""
    for name, (verb, _, allowed) in DatalakeRESTInterface.ends.items():
        # The SDK adds the common parameter to its table when it first sends an operation.
        parameters = {parameter.lower() for parameter in allowed} - {"api-version"}
        assert OPERATIONS[name].verb == verb.upper()
        assert parameters - OPERATIONS[name].parameters == set()


def test_what_is_required_is_allowed():
    """A required parameter is among an operation's parameters."""
    assert all(operation.required <= operation.parameters for operation in OPERATIONS.values())


def test_three_operations_are_extensions():
    """Of these operations, the service's own that Hadoop lacks are under the extension prefix."""
    extensions = [name for name, operation in OPERATIONS.items() if operation.prefix == WEBHDFS_EXT]
    assert extensions == ["CONCURRENTAPPEND", "GETFILEINFO", "SETEXPIRY"]
