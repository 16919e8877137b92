"""Assets, which Airflow 2 calls datasets: what schedules a DAG when another has written it."""
