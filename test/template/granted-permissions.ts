import { type Narrowing, type Permission, permission } from './permission.ts';
import { type Documents, type Overrides, type Resource, resolveResources } from './project-template.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: unknown;
}

interface Policy {
  readonly PolicyDocument: { readonly Statement: Statement[] };
}

const READ_TYPES = new Set(['AWS::IAM::ManagedPolicy', 'AWS::IAM::Role', 'AWS::Serverless::Function']);

/**
 * Reads what the role of each function allows.
 *
 * @param documents - from `readProjectDocuments`, perhaps changed
 * @param overrides - parameters that do not take their default
 * @returns permissions by logical id of the function
 * @throws when a function has no role to itself, or a role or policy has anything but plain statements
 */
export function grantedPermissions(
  documents: Documents,
  overrides: Overrides,
): Map<string, ReadonlySet<Permission>> {
  const resources = resolveResources(documents, overrides, (type) => READ_TYPES.has(type));
  const ofType = (wanted: string): Map<string, Resource> =>
    new Map([...resources].filter(([, { type }]) => type === wanted));
  const roles = byName(ofType('AWS::IAM::Role'));
  const policies = byName(ofType('AWS::IAM::ManagedPolicy'));
  const taken = new Set<string>();
  return new Map(
    [...ofType('AWS::Serverless::Function')].map(([id, { properties }]) => {
      if (properties['Policies'] !== undefined) {
        throw new Error(`${id} has policies beside its role`);
      }
      const name = nameIn(properties['Role']);
      const role = roles.get(name);
      if (role === undefined || taken.has(name)) {
        throw new Error(`${id} has no role to itself`);
      }
      taken.add(name);
      return [id, permissionsOf(name, role, policies)];
    }),
  );
}

/** The local name of a role or policy is its logical id with those of the applications that it is nested in. */
function byName(resources: ReadonlyMap<string, Resource>): ReadonlyMap<string, Resource> {
  return new Map([...resources].map(([id, resource]) => [id.replaceAll('/', '-'), resource]));
}

function nameIn(arn: unknown): string {
  return String(arn).split('/').at(-1) ?? '';
}

function permissionsOf(
  name: string,
  { properties }: Resource,
  policies: ReadonlyMap<string, Resource>,
): ReadonlySet<Permission> {
  const attached = ((properties['ManagedPolicyArns'] ?? []) as string[]).map((arn) => {
    const policy = policies.get(nameIn(arn));
    if (policy === undefined) {
      throw new Error(`${name} has a policy that is not in the template: ${arn}`);
    }
    return policy.properties as unknown as Policy;
  });
  const found = new Set<Permission>();
  for (const { Effect, Action, Resource, Condition, ...rest } of [
    ...((properties['Policies'] ?? []) as Policy[]),
    ...attached,
  ].flatMap((policy) => policy.PolicyDocument.Statement)) {
    const others = Object.keys(rest).filter((key) => key !== 'Sid');
    if (Effect !== 'Allow' || others.length > 0) {
      throw new Error(`${name} has a statement of another form`);
    }
    const narrowings = narrowingsOf(name, Condition);
    for (const action of [Action].flat()) {
      for (const one of [Resource]
        .flat()
        .flatMap((resource) =>
          narrowings.map((narrowing) => permission(action as string, resource as string, narrowing)),
        )) {
        if (found.has(one)) {
          throw new Error(`${name} allows twice: ${one}`);
        }
        found.add(one);
      }
    }
  }
  return found;
}

/** Knows exactly the conditions that the template uses, so that another one is not taken for none. */
function narrowingsOf(name: string, condition: unknown): Narrowing[] {
  if (condition === undefined) {
    return [{}];
  }
  const [[operator, keys] = [], ...others] = Object.entries(condition as Record<string, object>);
  const [[key, value] = [], ...otherKeys] = Object.entries((keys ?? {}) as Record<string, string[]>);
  if (others.length === 0 && otherKeys.length === 0 && Array.isArray(value)) {
    if (
      operator === 'ForAnyValue:StringEquals' &&
      key === 'dynamodb:EnclosingOperation' &&
      value.length === 1
    ) {
      return [{ enclosingOperation: value[0] }];
    }
    if (operator === 'StringEquals' && key === 'kms:ViaService') {
      return value.map((viaService) => ({ viaService }));
    }
  }
  throw new Error(`${name} has a condition that is not known here: ${JSON.stringify(condition)}`);
}
