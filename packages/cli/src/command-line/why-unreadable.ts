/** Says why a file could not be read or parsed; what the operating system calls ENOENT, in words. */
export function whyUnreadable(cause: unknown): string {
  if (cause instanceof Error) {
    return 'code' in cause && cause.code === 'ENOENT' ? 'there is no such file' : cause.message;
  }
  return String(cause);
}
