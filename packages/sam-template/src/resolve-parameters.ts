import { compilePattern } from './compile-pattern.ts';
import type { RawParameter } from './raw-template.ts';
import { TemplateError } from './template-error.ts';
import { Unknown } from './unknown.ts';

/** A parameter's value: text, or a list for the list types; some are not known here. */
export type ParameterValue = string | readonly string[] | Unknown;

/** Values of parameters by name; undefined for one that is not declared. */
export type ParameterSource = Pick<ReadonlyMap<string, ParameterValue>, 'get'>;

const LIST_TYPE = /^(?:AWS::SSM::Parameter::Value<)?(?:CommaDelimitedList|List<.+>)>?$/;
const NUMBER_TYPE = /^(?:Number|List<Number>)$/;
const STORED_TYPE = /^AWS::SSM::Parameter::Value</;
const NUMBER = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/;

/** Told of a parameter whose value cannot be checked. */
type ParameterReport = (parameter: string, what: string) => void;

/** Gives each parameter its value, checked as CloudFormation checks it. */
export function resolveParameters(
  declared: ReadonlyMap<string, RawParameter>,
  overrides: Readonly<Record<string, string>>,
  report: ParameterReport,
): ReadonlyMap<string, ParameterValue> {
  for (const name of Object.keys(overrides)) {
    if (!declared.has(name)) {
      throw new TemplateError(
        `Parameters.${name}`,
        `is not declared; declared are ${[...declared.keys()].join(', ') || 'none'}`,
      );
    }
  }
  const missing = [...declared].filter(
    ([name, { Default, Type }]) =>
      !Object.hasOwn(overrides, name) && Default === undefined && !STORED_TYPE.test(Type),
  );
  if (missing.length > 1) {
    const names = missing.map(([name]) => name);
    throw new TemplateError(
      'Parameters',
      `${names.join(', ')} have no default, so that they need values: give them with --parameter-overrides ${names.map((name) => `${name}=value`).join(' ')}`,
    );
  }
  return new Map(
    [...declared].map(([name, parameter]) => {
      const override = Object.hasOwn(overrides, name) ? overrides[name] : undefined;
      return [name, resolveParameter(name, parameter, { override, report })];
    }),
  );
}

/** Gives one parameter its value, checked as CloudFormation checks it. */
export function resolveParameter(
  name: string,
  parameter: RawParameter,
  { override, report }: { readonly override: string | undefined; readonly report: ParameterReport },
): ParameterValue {
  const remedy = `give it with --parameter-overrides ${name}=value, or in samconfig.toml`;
  if (STORED_TYPE.test(parameter.Type) && override === undefined) {
    return new Unknown(`the value of the parameter ${name} is kept in AWS Systems Manager`, remedy);
  }
  const text = override ?? parameter.Default ?? undefined;
  if (text === undefined) {
    const problem =
      parameter.Default === null
        ? `has a default that is null, which CloudFormation refuses; write Default: '' for empty text, or ${remedy}`
        : `has no default, so that it needs a value: ${remedy}`;
    throw new TemplateError(`Parameters.${name}`, problem);
  }
  return checkParameter(name, parameter, { text, report });
}

function checkParameter(
  name: string,
  parameter: RawParameter,
  { text, report }: { readonly text: string; readonly report: ParameterReport },
): ParameterValue {
  const { AllowedPattern } = parameter;
  const pattern = AllowedPattern === undefined ? undefined : compilePattern(AllowedPattern);
  if (AllowedPattern !== undefined && pattern === undefined) {
    report(
      `Parameters.${name}`,
      `the value is not checked against ${AllowedPattern}, which JavaScript cannot read`,
    );
  }
  const isList = LIST_TYPE.test(parameter.Type);
  const parts = isList ? text.split(',').map((part) => part.trim()) : [text];
  for (const part of parts) {
    const problem = findProblem(parameter, part, pattern);
    if (problem === undefined) {
      continue;
    }
    const shown = parameter.NoEcho ? 'the value' : JSON.stringify(part);
    const hint = parameter.ConstraintDescription === undefined ? '' : ` (${parameter.ConstraintDescription})`;
    throw new TemplateError(`Parameters.${name}`, `${shown} ${problem}${hint}`);
  }
  return isList ? parts : text;
}

function findProblem(parameter: RawParameter, text: string, pattern: RegExp | undefined): string | undefined {
  const { AllowedValues, AllowedPattern, MinLength, MaxLength, MinValue, MaxValue } = parameter;
  if (AllowedValues !== undefined && !AllowedValues.includes(text)) {
    return `is not one of ${AllowedValues.join(', ')}`;
  }
  if (pattern?.test(text) === false) {
    return `does not match the pattern ${AllowedPattern}`;
  }
  if (MinLength !== undefined && text.length < MinLength) {
    return `is shorter than ${MinLength} characters`;
  }
  if (MaxLength !== undefined && text.length > MaxLength) {
    return `is longer than ${MaxLength} characters`;
  }
  if (!NUMBER_TYPE.test(parameter.Type)) {
    return undefined;
  }
  if (!NUMBER.test(text)) {
    return 'is not a number';
  }
  if (MinValue !== undefined && Number(text) < MinValue) {
    return `is below ${MinValue}`;
  }
  if (MaxValue !== undefined && Number(text) > MaxValue) {
    return `is above ${MaxValue}`;
  }
  return undefined;
}
