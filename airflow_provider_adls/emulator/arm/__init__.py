"""Azure Resource Manager, as far as Microsoft.DataLakeStore's accounts need it."""
