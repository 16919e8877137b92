"""Airflow transfers to and from Azure Data Lake Storage, Gen1 and Gen2."""
