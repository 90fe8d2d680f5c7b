import { each, type PropertySupports } from './property-support.ts';

const SHARED: PropertySupports = {
  ...each(
    'run',
    'FunctionName',
    'Handler',
    'Layers',
    'MemorySize',
    'PackageType',
    'ReservedConcurrentExecutions',
    'Runtime',
    'Timeout',
  ),
  Environment: { Variables: 'run' },
  LoggingConfig: {
    ...each('run', 'ApplicationLogLevel', 'LogFormat'),
    ...each('ignored', 'LogGroup', 'SystemLogLevel'),
  },
  ...each(
    'refused',
    'CapacityProviderConfig',
    'DurableConfig',
    'FileSystemConfigs',
    'ImageConfig',
    'TenancyConfig',
    'VpcConfig',
  ),
  ...each(
    'ignored',
    'Architectures',
    'CodeSigningConfigArn',
    'Description',
    'EphemeralStorage',
    'FunctionScalingConfig',
    'KmsKeyArn',
    'PublishToLatestPublished',
    'RecursiveLoop',
    'Role',
    'RuntimeManagementConfig',
    'SnapStart',
    'Tags',
  ),
};

/** Properties of `AWS::Serverless::Function`. */
export const SERVERLESS_FUNCTION: PropertySupports = {
  ...SHARED,
  ...each('run', 'AutoPublishAlias', 'CodeUri', 'Events', 'InlineCode'),
  ...each('refused', 'DeadLetterQueue', 'EventInvokeConfig', 'FunctionUrlConfig', 'ImageUri'),
  ...each(
    'ignored',
    'AssumeRolePolicyDocument',
    'AutoPublishAliasAllProperties',
    'AutoPublishCodeSha256',
    'DeploymentPreference',
    'PermissionsBoundary',
    'Policies',
    'PropagateTags',
    'ProvisionedConcurrencyConfig',
    'RolePath',
    'SourceKMSKeyArn',
    'Tracing',
    'VersionDeletionPolicy',
    'VersionDescription',
  ),
};

/** Properties of `AWS::Lambda::Function`. */
export const LAMBDA_FUNCTION: PropertySupports = {
  ...SHARED,
  Code: 'run',
  DeadLetterConfig: 'refused',
  TracingConfig: 'ignored',
};

/** Properties of `AWS::Serverless::LayerVersion`. */
export const SERVERLESS_LAYER: PropertySupports = {
  ...each('run', 'ContentUri', 'LayerName'),
  ...each(
    'ignored',
    'CompatibleArchitectures',
    'CompatibleRuntimes',
    'Description',
    'LicenseInfo',
    'PublishLambdaVersion',
    'RetentionPolicy',
  ),
};

/** Properties of `AWS::Lambda::LayerVersion`. */
export const LAMBDA_LAYER: PropertySupports = {
  ...each('run', 'Content', 'LayerName'),
  ...each('ignored', 'CompatibleArchitectures', 'CompatibleRuntimes', 'Description', 'LicenseInfo'),
};

/** Properties of `AWS::Lambda::Alias`. */
export const ALIAS: PropertySupports = {
  ...each('run', 'FunctionName', 'FunctionVersion', 'Name'),
  ...each('ignored', 'Description', 'ProvisionedConcurrencyConfig'),
  RoutingConfig: 'refused',
};

/** Properties of `AWS::Lambda::Version`. */
export const VERSION: PropertySupports = {
  FunctionName: 'run',
  ...each(
    'ignored',
    'CodeSha256',
    'Description',
    'FunctionScalingConfig',
    'ProvisionedConcurrencyConfig',
    'RuntimePolicy',
  ),
};
