"""What an interrupted batch job costs, in closed form and replayed; it decides no verdict."""
