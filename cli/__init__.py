"""The operator's command `tidewheel`: one file per verb. It imports the house; nothing imports it."""
