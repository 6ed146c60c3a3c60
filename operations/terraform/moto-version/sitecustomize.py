# On PYTHONPATH, Python runs this file before moto_server itself, in whatever interpreter a shim, a
# launcher or a shebang picks for it. It says that interpreter's moto version and ends there:
# moto_server has no --version.
import importlib.metadata
import os

try:
    version = importlib.metadata.version("moto")
except importlib.metadata.PackageNotFoundError:
    version = "none"
os.write(1, f"moto {version}\n".encode())
os._exit(0)
