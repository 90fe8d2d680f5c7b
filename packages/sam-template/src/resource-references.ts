import { ABSENT } from './absent.ts';
import type { DeployedValues, Place } from './place.ts';
import type { RawResource } from './raw-template.ts';
import { REFERENCE_RULES, type ReferenceRule, type Referred } from './reference-rules.ts';
import type { Resolver } from './resolver.ts';
import { TemplateError } from './template-error.ts';
import { Unknown } from './unknown.ts';

/** What `Ref` and `Fn::GetAtt` find for the resources of a template, and the names that those have here. */
export interface ResourceReferences {
  readonly reference: (logicalId: string, owner: string) => unknown;
  readonly attribute: (logicalId: string, name: string, owner: string) => unknown;
  /** Physical name of a resource: the one that the template gives it, else one made from its logical id. */
  readonly nameOf: (logicalId: string) => string;
}

/** What begins the name of an attribute that is an output of a nested application. */
const OUTPUTS = 'Outputs.';

/** Makes the references of one template. */
export function createResourceReferences(options: {
  resources: ReadonlyMap<string, RawResource>;
  place: Place;
  deployed: DeployedValues;
  resolver: () => Resolver;
  report: (owner: string, what: string) => void;
  /** Whether something makes a resource of this logical id that the template does not have. */
  isMade: (logicalId: string) => boolean;
  /** Logical id with those of the applications that the template is nested in. */
  qualify: (logicalId: string) => string;
  /** Output of a nested application; undefined when the resource is none, or is not local. */
  output: (logicalId: string, name: string, owner: string) => unknown;
}): ResourceReferences {
  const { resources, place, deployed, resolver, report, isMade, qualify, output } = options;
  const names = new Map<string, string | 'computing'>();

  const property = (logicalId: string, name: string): unknown => {
    const given = resources.get(logicalId)?.properties[name];
    const value = given ?? undefined;
    const computed =
      value === undefined
        ? undefined
        : resolver().compute(value, `Resources.${logicalId}.Properties.${name}`);
    return computed === ABSENT ? undefined : computed;
  };

  const nameOf = (logicalId: string): string => {
    const known = names.get(logicalId);
    if (known === 'computing') {
      throw new TemplateError(`Resources.${logicalId}`, 'has a name that refers to itself');
    }
    if (known !== undefined) {
      return known;
    }
    names.set(logicalId, 'computing');
    const name = findName(logicalId);
    names.set(logicalId, name);
    return name;
  };

  const findName = (logicalId: string): string => {
    const { nameProperty, madeName } = REFERENCE_RULES.get(resources.get(logicalId)?.type ?? '') ?? {};
    const given = nameProperty === undefined ? undefined : property(logicalId, nameProperty);
    if (given !== undefined && !(given instanceof Unknown)) {
      return String(given);
    }
    const made = qualify(logicalId).replaceAll('/', '-');
    const name = madeName?.(made, { property: (key) => property(logicalId, key) }) ?? made;
    if (given instanceof Unknown) {
      report(`Resources.${logicalId}.Properties.${nameProperty}`, `${given.what}: it is ${name} here`);
    }
    return name;
  };

  const find = (logicalId: string, owner: string): ReferenceRule | undefined => {
    const resource = resources.get(logicalId);
    if (resource !== undefined) {
      if (resolver().isMet(resource.condition, `Resources.${logicalId}.Condition`)) {
        return REFERENCE_RULES.get(resource.type);
      }
      throw new TemplateError(
        owner,
        `refers to ${logicalId}, which its condition ${resource.condition} leaves out`,
      );
    }
    if (isMade(logicalId)) {
      return undefined;
    }
    throw new TemplateError(owner, `refers to ${logicalId}, which is neither a parameter nor a resource`);
  };

  const referred = (logicalId: string): Referred => ({
    logicalId: qualify(logicalId),
    get name() {
      return nameOf(logicalId);
    },
    place,
    deployed,
    property: (name) => property(logicalId, name),
  });

  const attribute = (logicalId: string, name: string, owner: string): unknown => {
    const rule = find(logicalId, owner);
    const found = name.startsWith(OUTPUTS)
      ? output(logicalId, name.slice(OUTPUTS.length), owner)
      : rule?.attributes?.[name]?.(referred(logicalId));
    return found ?? new Unknown(`the attribute ${name} of ${logicalId} is not known here`);
  };

  return {
    nameOf,
    attribute,
    reference: (logicalId, owner) => {
      // SAM lets what it makes for a resource be referred to, such as Fold.Alias.
      const [id = '', ...name] = logicalId.split('.');
      if (name.length > 0) {
        return attribute(id, name.join('.'), owner);
      }
      return (
        find(logicalId, owner)?.ref?.(referred(logicalId)) ??
        new Unknown(`what Ref gives for ${logicalId} is not known here`)
      );
    },
  };
}
