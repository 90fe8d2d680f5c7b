/** The proxy itself cannot do its work; never a fault that was asked for. */
export class FaultProxyError extends Error {
  override readonly name = 'FaultProxyError';
  readonly code: 'engine-unreachable' | 'plan-failed' | 'unknown-operation';

  constructor(message: string, options: ErrorOptions & { readonly code: FaultProxyError['code'] }) {
    super(message, options);
    this.code = options.code;
  }
}
