"""Airflow hook for Azure Data Lake Storage Gen1."""
