/**
 * One action on one resource, with what narrows it, as text: two permissions are the same exactly when their texts are.
 *
 * `dynamodb:PutItem on arn:…:table/LedgerTable within TransactWriteItems`
 */
export type Permission = string;

/** What may narrow a permission. */
export interface Narrowing {
  /** The only operation that the action may be part of. */
  readonly enclosingOperation?: string | undefined;
  /** The only service through which a key may be used, as a host; a statement that names several is as many permissions. */
  readonly viaService?: string | undefined;
}

/** Writes a permission in its one form. */
export function permission(action: string, resource: string, narrowing: Narrowing = {}): Permission {
  const { enclosingOperation, viaService } = narrowing;
  return [
    `${action} on ${resource}`,
    enclosingOperation === undefined ? '' : ` within ${enclosingOperation}`,
    viaService === undefined ? '' : ` through ${viaService}`,
  ].join('');
}

/** The permissions that are needed and not granted, and those that are granted and not needed; no wildcard covers others. */
export function comparePermissions(
  needed: ReadonlySet<Permission>,
  granted: ReadonlySet<Permission>,
): readonly string[] {
  const missing = [...needed].filter((one) => !granted.has(one)).map((one) => `missing: ${one}`);
  const unused = [...granted].filter((one) => !needed.has(one)).map((one) => `unused: ${one}`);
  return [...missing, ...unused].sort();
}
