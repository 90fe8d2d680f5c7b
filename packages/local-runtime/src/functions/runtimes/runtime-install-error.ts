/** What a function's runtime needs is not on this machine and could not be installed. */
export class RuntimeInstallError extends Error {
  override readonly name = 'RuntimeInstallError';
  readonly code = 'runtime-install-failed';
}
