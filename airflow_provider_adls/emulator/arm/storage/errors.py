"""Refusals of Microsoft.Storage that Microsoft.DataLakeStore does not have, as in `arm/errors.py`."""

from __future__ import annotations

from airflow_provider_adls.emulator.arm.errors import Template

PROVIDER = "Microsoft.Storage"
ACCOUNT_TYPE = f"{PROVIDER}/storageAccounts"

account_name_invalid = Template(
    400,
    "AccountNameInvalid",
    "{name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in"
    " length and use numbers and lower-case letters only.",
)
# The text is that of checkNameAvailability (recorded).
account_taken = Template(
    409, "StorageAccountAlreadyTaken", "The storage account named {name} is already taken."
)
value_invalid = Template(
    400, "InvalidValuesForRequestParameters", "Values for request parameters are invalid: {name}."
)
property_fixed = Template(
    409,
    "AccountPropertyCannotBeUpdated",
    "The property '{name}' was specified in the input, but it cannot be updated as it is read-only. For more"
    " information, see - https://aka.ms/storageaccountupdate",
)
# The text is assumed.
container_name_invalid = Template(
    400, "InvalidResourceName", "The specified resource name contains invalid characters."
)
container_missing = Template(404, "ContainerNotFound", "The specified container does not exist.")
