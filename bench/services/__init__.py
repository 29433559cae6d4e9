"""The services, side by side with bare routes and with other servers on the same rows."""
