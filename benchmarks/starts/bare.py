"""An interpreter, and nothing else: prints when it was ready."""

import time

print(time.monotonic())
