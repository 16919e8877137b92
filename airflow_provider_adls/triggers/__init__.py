"""Airflow triggers for Azure Data Lake Storage Gen1."""
