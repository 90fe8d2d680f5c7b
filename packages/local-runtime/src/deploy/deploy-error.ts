/** A table or stream could not be created. */
export class DeployError extends Error {
  override readonly name = 'DeployError';
  readonly code: 'refused' | 'exists' | 'not-active';
  readonly logicalId: string;

  constructor(code: DeployError['code'], logicalId: string, message: string, options?: ErrorOptions) {
    super(`${logicalId}: ${message}`, options);
    this.code = code;
    this.logicalId = logicalId;
  }
}
