"""The Airflow connection: its fields, their rules, and the credentials they become."""
