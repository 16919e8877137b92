"""Earlier place of the errors; kept for the imports of DAGs."""
