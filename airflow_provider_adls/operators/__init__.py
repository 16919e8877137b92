"""Airflow operators for Azure Data Lake Storage, Gen1 and Gen2."""
