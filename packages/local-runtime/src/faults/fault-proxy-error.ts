/** The proxy itself cannot do its work; never a fault that was asked for. */
export class FaultProxyError extends Error {
  override readonly name = 'FaultProxyError';
  readonly retryable = false;
  readonly code: 'engine-unreachable' | 'plan-failed' | 'unknown-operation';

  constructor(code: FaultProxyError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
