"""The web edge shared by all rooms: API, sign-in, CSRF, language, PDF."""
