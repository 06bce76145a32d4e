"""What an area code means, and how one census's areas map to another's."""
