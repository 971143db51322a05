"""What comes in and goes out of the room of people, as JSON and as forms."""
