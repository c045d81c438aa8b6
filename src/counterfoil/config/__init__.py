"""How the parts are put together for one installation: settings, addresses of pages, secrets, databases."""
