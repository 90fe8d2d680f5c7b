import { asIntrinsic } from './intrinsic-form.ts';
import type { RawResource } from './raw-template.ts';

/** Sections of Globals that have resources here, and the type that each applies to. */
const SECTIONS = new Map([
  ['AWS::Serverless::Function', 'Function'],
  ['AWS::Serverless::LayerVersion', 'LayerVersion'],
  ['AWS::Serverless::SimpleTable', 'SimpleTable'],
]);

/**
 * Lays a resource's properties over those that Globals has for its type, as SAM does: maps are merged, lists are
 * added to, anything else is replaced.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
 */
export function applyGlobals(resource: RawResource, globals: Readonly<Record<string, unknown>>): RawResource {
  const section = SECTIONS.get(resource.type);
  const shared = section === undefined ? undefined : globals[section];
  if (!isPlainMap(shared) || resource.ignoreGlobals === '*') {
    return resource;
  }
  const ignored: readonly string[] = resource.ignoreGlobals;
  const taken = Object.fromEntries(Object.entries(shared).filter(([name]) => !ignored.includes(name)));
  return { ...resource, properties: merge(taken, resource.properties) as Record<string, unknown> };
}

function merge(shared: unknown, own: unknown): unknown {
  if (own === undefined || own === null) {
    return shared ?? own;
  }
  if (Array.isArray(shared) && Array.isArray(own)) {
    return [...shared, ...own];
  }
  if (!isPlainMap(shared) || !isPlainMap(own)) {
    return own;
  }
  const keys = new Set([...Object.keys(shared), ...Object.keys(own)]);
  return Object.fromEntries([...keys].map((key) => [key, merge(shared[key], own[key])]));
}

/** A function such as `{ Ref: … }` is a value, not a map. */
function isPlainMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && asIntrinsic(value) === undefined
  );
}
