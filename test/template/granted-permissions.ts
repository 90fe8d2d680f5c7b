import { type Narrowing, type Permission, permission } from './permission.ts';
import { type Overrides, type Resource, resolveResources } from './project-template.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: unknown;
}

/**
 * Reads what the role of each function allows.
 *
 * @param template - from `parseProjectTemplate`, perhaps changed
 * @param overrides - parameters that do not take their default
 * @returns permissions by logical id of the function
 * @throws when a function has no role to itself, or a role has anything but plain inline statements
 */
export function grantedPermissions(
  template: Record<string, unknown>,
  overrides: Overrides,
): Map<string, ReadonlySet<Permission>> {
  const functions = resolveResources(template, overrides, (type) => type === 'AWS::Serverless::Function');
  const roles = resolveResources(template, overrides, (type) => type === 'AWS::IAM::Role');
  const taken = new Set<string>();
  return new Map(
    [...functions].map(([id, { properties }]) => {
      if (properties['Policies'] !== undefined) {
        throw new Error(`${id} has policies beside its role`);
      }
      // The local name of a role is its logical id.
      const name = String(properties['Role']).split('/').at(-1) ?? '';
      const role = roles.get(name);
      if (role === undefined || taken.has(name)) {
        throw new Error(`${id} has no role to itself`);
      }
      taken.add(name);
      return [id, permissionsOf(name, role)];
    }),
  );
}

function permissionsOf(name: string, { properties }: Resource): ReadonlySet<Permission> {
  if (properties['ManagedPolicyArns'] !== undefined) {
    throw new Error(`${name} has managed policies`);
  }
  const policies = properties['Policies'] as { PolicyDocument: { Statement: Statement[] } }[];
  const found = new Set<Permission>();
  for (const { Effect, Action, Resource, Condition, ...rest } of policies.flatMap(
    (policy) => policy.PolicyDocument.Statement,
  )) {
    const others = Object.keys(rest).filter((key) => key !== 'Sid');
    if (Effect !== 'Allow' || others.length > 0) {
      throw new Error(`${name} has a statement of another form`);
    }
    const narrowing = narrowingOf(name, Condition);
    for (const action of [Action].flat()) {
      for (const resource of [Resource].flat()) {
        const one = permission(action as string, resource as string, narrowing);
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
function narrowingOf(name: string, condition: unknown): Narrowing {
  if (condition === undefined) {
    return {};
  }
  const [[operator, keys] = [], ...others] = Object.entries(condition as Record<string, object>);
  const [[key, value] = [], ...otherKeys] = Object.entries((keys ?? {}) as Record<string, string[]>);
  if (others.length === 0 && otherKeys.length === 0 && Array.isArray(value)) {
    if (
      operator === 'ForAnyValue:StringEquals' &&
      key === 'dynamodb:EnclosingOperation' &&
      value.length === 1
    ) {
      return { enclosingOperation: value[0] };
    }
    if (operator === 'StringEquals' && key === 'kms:ViaService') {
      return { viaServices: value };
    }
  }
  throw new Error(`${name} has a condition that is not known here: ${JSON.stringify(condition)}`);
}
