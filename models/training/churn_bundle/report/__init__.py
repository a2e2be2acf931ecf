"""Reports on a served model: prediction logs and outcomes in, one HTML page out."""
