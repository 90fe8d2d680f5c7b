import type { z } from 'zod';
import { ABSENT } from './absent.ts';
import { asIntrinsic } from './intrinsic-form.ts';
import { nearestName } from './nearest-name.ts';
import { checkShape, type RawResource } from './raw-template.ts';
import type { Resolver } from './resolver.ts';
import type { PropertySupport, PropertySupports, Treatment } from './support/property-support.ts';
import { TemplateError } from './template-error.ts';
import { Unknown } from './unknown.ts';

/** What a reader of resources works with. */
export interface ReadingContext {
  readonly resolver: Resolver;
  readonly nameOf: (logicalId: string) => string;
  readonly report: (owner: string, what: string) => void;
  /** Told of a property that has no meaning here. */
  readonly ignore: (property: string) => void;
}

/** The properties of a resource or of one of its events, and how they are read. */
export interface PropertyReading<S extends z.ZodType> {
  readonly properties: RawResource['properties'];
  /** Place of the properties, such as `Resources.Fold.Properties`. */
  readonly where: string;
  readonly support: PropertySupports;
  /** Shape of the properties that are read; of the others only the names are checked. */
  readonly schema: S & { readonly shape: Readonly<Record<string, unknown>> };
  /**
   * Whether the place of a value may go without it when only AWS could compute it: it is then reported. Any other value
   * would change what runs, so that the template is refused.
   */
  readonly mayBeUnknown?: (property: string) => boolean;
}

/**
 * Computes and checks the properties of a resource or of one of its events.
 *
 * Only what is read is computed: a policy may refer to things that do not exist here.
 *
 * @throws {@link TemplateError} when a property is wrong, or has a name that is nearly that of a known one
 */
export function readProperties<S extends z.ZodType>(
  reading: PropertyReading<S>,
  context: Omit<ReadingContext, 'nameOf'>,
): z.output<S> {
  const { properties, where, support, schema, mayBeUnknown = () => false } = reading;
  const { resolver, report } = context;

  const readMap = (map: Readonly<Record<string, unknown>>, supports: PropertySupports, path: string[]) => {
    const place = placeOf(path);
    const found: Record<string, unknown> = {};
    for (const [name, given] of Object.entries(map)) {
      const treatment = Object.hasOwn(supports, name) ? supports[name] : undefined;
      if (treatment === undefined) {
        refuseUnknown(name, supports, { place, report });
        continue;
      }
      const chosen = resolver.choose(given, `${place}.${name}`);
      if (chosen !== ABSENT && (path.length > 0 || isRead(name, treatment))) {
        const value = read(chosen, treatment, [...path, name]);
        if (value !== ABSENT) {
          found[name] = value;
        }
      }
    }
    return found;
  };

  const leaf = (value: unknown, treatment: Treatment, path: string[]): unknown =>
    readLeaf(value, path, {
      where,
      mayBeUnknown: (property) => treatment === 'recorded' || mayBeUnknown(property),
      report,
    });

  const placeOf = (path: readonly string[]): string => [where, ...path].join('.');

  /** Names and events are read by those that know what they are. */
  const isRead = (name: string, treatment: PropertySupport): boolean =>
    treatment === 'ignored' || treatment === 'refused' || Object.hasOwn(schema.shape, name);

  const read = (value: unknown, treatment: PropertySupport, path: string[]): unknown => {
    const place = placeOf(path);
    if (treatment === 'ignored') {
      context.ignore(path.filter((name) => !/^\d+$/.test(name)).join('.'));
      return ABSENT;
    }
    if (treatment === 'refused') {
      report(place, 'the property is not emulated');
      return ABSENT;
    }
    if (value === null) {
      report(place, 'is null, which CloudFormation refuses: it is read as absent');
      return ABSENT;
    }
    if (typeof treatment === 'string') {
      return leaf(resolver.compute(value, place), treatment, path);
    }
    if (Array.isArray(value)) {
      return value
        .map((part, index) => resolver.choose(part, `${place}.${index}`))
        .flatMap((part, index) => {
          const result = part === ABSENT ? ABSENT : read(part, treatment, [...path, String(index)]);
          return result === ABSENT ? [] : [result];
        });
    }
    if (asIntrinsic(value) !== undefined) {
      const computed = resolver.compute(value, place);
      return typeof computed === 'object' && computed !== null && !(computed instanceof Unknown)
        ? read(computed, treatment, path)
        : leaf(computed, 'run', path);
    }
    return typeof value === 'object' ? readMap(value as Record<string, unknown>, treatment, path) : value;
  };

  return checkShape(schema, readMap(properties, support, []), where);
}

/** CloudFormation refuses what is no property; a new one, which is not known here yet, is not like any other. */
function refuseUnknown(
  name: string,
  supports: PropertySupports,
  { place, report }: { readonly place: string } & Pick<ReadingContext, 'report'>,
): void {
  const nearest = nearestName(name, Object.keys(supports));
  if (nearest !== undefined) {
    throw new TemplateError(`${place}.${name}`, `is not a property; did you mean ${nearest}?`);
  }
  report(`${place}.${name}`, 'the property is not known');
}

/** Checks a computed value: it must be known, and CloudFormation takes no null. */
function readLeaf(
  value: unknown,
  path: readonly string[],
  options: Required<Pick<PropertyReading<z.ZodType>, 'where' | 'mayBeUnknown'>> &
    Pick<ReadingContext, 'report'>,
): unknown {
  const { where, mayBeUnknown, report } = options;
  const property = path.join('.');
  const place = `${where}.${property}`;
  if (value instanceof Unknown) {
    if (!mayBeUnknown(property)) {
      throw new TemplateError(place, `${value.what}; ${value.remedy}`);
    }
    report(place, value.what);
    return ABSENT;
  }
  if (value === null) {
    report(place, 'is null, which CloudFormation refuses: it is read as empty');
    return '';
  }
  if (typeof value !== 'object') {
    return value;
  }
  const inner = (key: string, part: unknown): unknown => readLeaf(part, [...path, key], options);
  return Array.isArray(value)
    ? value.map((part, index) => inner(String(index), part)).filter((part) => part !== ABSENT)
    : Object.fromEntries(
        Object.entries(value)
          .map(([key, part]) => [key, inner(key, part)] as const)
          .filter(([, part]) => part !== ABSENT),
      );
}
