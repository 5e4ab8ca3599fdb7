"""What runs inside the server's process; a folder of its own, since hypercorn puts it on the import path."""
