"""What runs inside the server's process; hypercorn puts this folder, and nothing else of ours, on the import path."""
