"""Airflow sensors for Azure Data Lake Storage Gen1."""
