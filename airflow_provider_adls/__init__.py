"""Apache Airflow provider for Azure Data Lake Storage Gen1."""

__version__ = "0.1.0"
