"""Airflow operators for Azure Data Lake Storage Gen1."""
