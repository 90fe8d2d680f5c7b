import { isIPv4 } from 'node:net';
import { ABSENT } from './absent.ts';
import type { Evaluation } from './evaluation.ts';
import { TemplateError } from './template-error.ts';
import { listOf } from './text-intrinsics.ts';
import { Unknown } from './unknown.ts';

/** CloudFormation's own limit of blocks. */
const CIDR_BLOCKS_MAX = 256;

/** Computes `Fn::Select`. */
export function select({ argument, resolve, owner }: Evaluation): unknown {
  const [position, source] = listOf(argument, 2, 'Fn::Select', owner);
  const chosen = resolve(position);
  const items = resolve(source);
  if (chosen instanceof Unknown || items === ABSENT || items instanceof Unknown) {
    return chosen instanceof Unknown ? chosen : items;
  }
  const index = Number(chosen);
  if (!Array.isArray(items) || !Number.isInteger(index) || index < 0 || index >= items.length) {
    throw new TemplateError(owner, `Fn::Select finds nothing at ${String(chosen)}`);
  }
  return items[index];
}

/** Computes `Fn::FindInMap`, with a default where the template declares the language extensions. */
export function findInMap({ argument, resolve, sources, owner }: Evaluation): unknown {
  const hasDefault = Array.isArray(argument) && argument.length === 4;
  const [whenMissing] = hasDefault ? argument.slice(3) : [];
  const parts = listOf(hasDefault ? argument.slice(0, 3) : argument, 3, 'Fn::FindInMap', owner).map(resolve);
  if (hasDefault && !sources.hasLanguageExtensions) {
    throw new TemplateError(owner, 'Fn::FindInMap with a default needs `Transform: AWS::LanguageExtensions`');
  }
  const unknown = parts.find((part) => part instanceof Unknown);
  if (unknown !== undefined) {
    return unknown;
  }
  const names = parts.map(String);
  let found: unknown = Object.fromEntries(sources.mappings);
  for (const name of names) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) {
      return missingInMap(names, whenMissing, { resolve, owner });
    }
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}

function missingInMap(
  names: readonly string[],
  whenMissing: unknown,
  { resolve, owner }: Pick<Evaluation, 'resolve' | 'owner'>,
): unknown {
  if (typeof whenMissing === 'object' && whenMissing !== null && Object.hasOwn(whenMissing, 'DefaultValue')) {
    return resolve((whenMissing as Readonly<Record<string, unknown>>)['DefaultValue']);
  }
  throw new TemplateError(owner, `Fn::FindInMap finds no ${names.join('.')}`);
}

/** Computes `Fn::Length`. */
export function length({ argument, resolve, owner }: Evaluation): unknown {
  const items = resolve(argument);
  if (items instanceof Unknown) {
    return items;
  }
  if (!Array.isArray(items)) {
    throw new TemplateError(owner, 'Fn::Length takes a list');
  }
  return items.length;
}

/** Computes `Fn::GetAZs`: the first three zones, which every region has. */
export function availabilityZones({ argument, resolve, sources, owner }: Evaluation): unknown {
  const given = resolve(argument);
  if (given instanceof Unknown) {
    return given;
  }
  if (typeof given !== 'string' && given !== ABSENT) {
    throw new TemplateError(owner, 'Fn::GetAZs takes the name of a region');
  }
  const region = given === '' || given === ABSENT ? sources.pseudoParameters.get('AWS::Region') : given;
  return ['a', 'b', 'c'].map((zone) => `${String(region)}${zone}`);
}

/** Computes `Fn::Cidr` of IPv4 blocks. */
export function cidrBlocks({ argument, resolve, owner }: Evaluation): unknown {
  const parts = Array.isArray(argument) ? argument.map(resolve) : [];
  const unknown = parts.find((part) => part instanceof Unknown);
  if (unknown !== undefined) {
    return unknown;
  }
  const [block, count, bits = 8] = parts;
  const [address = '', prefix] = String(block).split('/');
  if (address.includes(':')) {
    return new Unknown('Fn::Cidr of an IPv6 block is not emulated');
  }
  const size = 2 ** Number(bits);
  const blocks = Number(count);
  const isPossible =
    isIPv4(address) &&
    Number.isInteger(blocks) &&
    blocks >= 1 &&
    blocks <= CIDR_BLOCKS_MAX &&
    Number.isInteger(Number(bits)) &&
    Number(bits) >= 0 &&
    blocks * size <= 2 ** (32 - Number(prefix));
  if (!isPossible) {
    throw new TemplateError(
      owner,
      'Fn::Cidr takes a block, a count from 1 to 256 that fits, and the bits of a host',
    );
  }
  const first = address.split('.').reduce((value, part) => value * 256 + Number(part), 0);
  return Array.from({ length: blocks }, (_, index) => `${dotted(first + index * size)}/${32 - Number(bits)}`);
}

function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
