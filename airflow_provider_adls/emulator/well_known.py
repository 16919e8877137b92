"""The fixed and public identity of every emulator, so that a connection can be written down once.

None of these is a secret: all who reach an emulator own its accounts, which is why it binds to
loopback unless `host` says otherwise.
"""

from __future__ import annotations

TENANT_ID = "5c1a7b3e-9d42-4f08-8e6b-2a90f4d1c657"
#: The tenant's domain, which stands for its id.
DOMAIN = "emulator.onmicrosoft.com"
#: Client id (application id) of the service principal that is super user of every account.
CLIENT_ID = "e2b6d094-71c8-4a3f-b5d7-0c83e91f6a24"
CLIENT_SECRET = "Gen1~EmulatorSecret.Public-2024_NotASecret"  # noqa: S105 - public by design
#: Object id of that service principal in the directory: the owner of every account's root.
OBJECT_ID = "93f0c5d8-2e17-4b6a-a1d4-7f58b20e6c39"
#: The id that the recordings of Azure's SDKs were made anonymous with, so that they replay unchanged.
SUBSCRIPTION_ID = "00000000-0000-0000-0000-000000000000"
#: Resource group and location of the accounts that the emulator makes at its start.
RESOURCE_GROUP = "rg"
LOCATION = "eastus2"

HOST = "127.0.0.1"
PORT = 10443
PROXY_PORT = 10080
#: Default data folder, below the user's home.
FOLDER = ".adls-gen1"
READY_FILE = "ready.json"
