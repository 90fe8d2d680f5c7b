export class DeployError extends Error {
  override readonly name = 'DeployError';
  readonly code: 'refused' | 'exists' | 'not-active';
  readonly logicalId: string;

  constructor(
    message: string,
    options: ErrorOptions & { readonly code: DeployError['code']; readonly logicalId: string },
  ) {
    super(`${options.logicalId}: ${message}`, options);
    this.code = options.code;
    this.logicalId = options.logicalId;
  }
}
