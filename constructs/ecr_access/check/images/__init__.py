"""Images that must be there before what runs them changes."""
