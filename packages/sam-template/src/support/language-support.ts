import type { Treatment } from './property-support.ts';

function treated(
  groups: Readonly<Partial<Record<Treatment, readonly string[]>>>,
): ReadonlyMap<string, Treatment> {
  return new Map(
    Object.entries(groups).flatMap(([treatment, names]) =>
      names.map((name): [string, Treatment] => [name, treatment as Treatment]),
    ),
  );
}

/** Sections of a template. */
export const SECTIONS: ReadonlyMap<string, Treatment> = treated({
  run: ['Transform', 'Parameters', 'Rules', 'Mappings', 'Conditions', 'Globals', 'Resources', 'Outputs'],
  ignored: ['AWSTemplateFormatVersion', 'Description', 'Metadata'],
  refused: ['Hooks'],
});

/** Sections of Globals. Those of resources that are refused have nothing to say. */
export const GLOBALS: ReadonlyMap<string, Treatment> = treated({
  run: ['Function', 'LayerVersion', 'SimpleTable'],
  ignored: [
    'Api',
    'CapacityProvider',
    'HttpApi',
    'MicrovmImage',
    'NetworkConnector',
    'StateMachine',
    'WebSocketApi',
  ],
});

/** What a resource has beside its properties. */
export const RESOURCE_ATTRIBUTES: ReadonlyMap<string, Treatment> = treated({
  run: ['Type', 'Properties', 'Condition', 'IgnoreGlobals'],
  ignored: [
    'Connectors',
    'CreationPolicy',
    'DeletionPolicy',
    'DependsOn',
    'Description',
    'Metadata',
    'UpdatePolicy',
    'UpdateReplacePolicy',
    'Version',
  ],
});

/** What a parameter has. */
export const PARAMETER_ATTRIBUTES: ReadonlyMap<string, Treatment> = treated({
  run: [
    'AllowedPattern',
    'AllowedValues',
    'ConstraintDescription',
    'Default',
    'MaxLength',
    'MaxValue',
    'MinLength',
    'MinValue',
    'NoEcho',
    'Type',
  ],
  ignored: ['Description'],
});

/** What an output has. */
export const OUTPUT_ATTRIBUTES: ReadonlyMap<string, Treatment> = treated({
  run: ['Condition', 'Value'],
  ignored: ['Description', 'Export'],
});

/** Functions of the language. The value of a refused one is not known; where it is needed, the template is refused. */
export const INTRINSIC_FUNCTIONS: ReadonlyMap<string, Treatment> = treated({
  run: [
    'Condition',
    'Fn::And',
    'Fn::Base64',
    'Fn::Cidr',
    'Fn::Equals',
    'Fn::FindInMap',
    'Fn::ForEach',
    'Fn::GetAZs',
    'Fn::GetAtt',
    'Fn::If',
    'Fn::Join',
    'Fn::Length',
    'Fn::Not',
    'Fn::Or',
    'Fn::Select',
    'Fn::Split',
    'Fn::Sub',
    'Fn::ToJsonString',
    'Ref',
  ],
  refused: [
    'Fn::Contains',
    'Fn::EachMemberEquals',
    'Fn::EachMemberIn',
    'Fn::ImportValue',
    'Fn::RefAll',
    'Fn::Transform',
    'Fn::ValueOf',
    'Fn::ValueOfAll',
  ],
});

/** Names that every template may refer to. */
export const PSEUDO_PARAMETERS: ReadonlyMap<string, Treatment> = treated({
  run: [
    'AWS::AccountId',
    'AWS::NoValue',
    'AWS::NotificationARNs',
    'AWS::Partition',
    'AWS::Region',
    'AWS::StackId',
    'AWS::StackName',
    'AWS::URLSuffix',
  ],
});
