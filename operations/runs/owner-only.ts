/**
 * Does something whose files and folders only this user may read and write, whatever the umask:
 * also those of the processes that it starts. It has to be done when this returns.
 */
export function ownerOnly<T>(work: () => T): T {
  const before = process.umask(0o077);
  try {
    return work();
  } finally {
    process.umask(before);
  }
}
