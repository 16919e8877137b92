"""What the make targets run: the demo and the Airflow that it, and the system tests, run on."""
