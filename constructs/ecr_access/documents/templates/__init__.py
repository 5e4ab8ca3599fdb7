"""What templates say: their text, their resources, and their intrinsic functions resolved."""
