"""What has been trained over the internet (C4)."""
