"""File systems for Airflow's object storage."""
