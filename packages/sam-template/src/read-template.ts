import type { Application, IgnoredPart, UnsupportedFeature } from './application.ts';
import { createIgnoredParts } from './ignored-parts.ts';
import type { DeployedValues } from './place.ts';
import { readApplication } from './read-application.ts';
import { readDocuments } from './read-documents.ts';
import { readOutputs } from './read-outputs.ts';
import { reportSections } from './report-sections.ts';
import { openStack, withNested } from './stack.ts';

/** Which template to read, and what it cannot say itself. */
export interface ReadTemplateOptions {
  /** Path of a SAM or CloudFormation template, YAML or JSON. */
  readonly file: string;
  /** Parameters that do not take their default. */
  readonly parameterOverrides?: Readonly<Record<string, string>>;
  /** Default `us-east-1`. */
  readonly region?: string;
  /** Twelve digits; default zeros. */
  readonly accountId?: string;
  /** Default `oncefold`. */
  readonly stackName?: string;
  /** Shards of a stream in on-demand mode; default 4, which is what AWS starts with. */
  readonly onDemandShardCount?: number;
  /**
   * What is known once the tables and queues exist. Without it, streams' ARNs have an invented label and queues' URLs are
   * not known: read the template once more after the deployment, when functions are to see them.
   */
  readonly deployed?: DeployedValues;
}

/**
 * Reads a SAM template into the functions, tables, streams, queues and mappings that it would deploy, under their local names.
 *
 * A table, stream or function has the name that the template gives it, else its logical id. Nested applications whose template
 * is a local file are read too; what they have is named as the SAM CLI names it, such as `Workshop/GeneratorFunction`. Whatever
 * the template asks for and this does not understand is listed as unsupported; what has no meaning here, as ignored.
 *
 * No library says exactly what it does not understand, names the place of an error, gives resources local names and
 * passes over what does not run locally. `cfn-resolver-lib` 1.1.8 has no types, does not check parameters and leaves in
 * the result unnoticed what it cannot resolve. `yaml-cfn` 0.3.2 is a second YAML parser and reads `012345678901` as a
 * number and `yes` as text. `aws-cdk-lib/cloudformation-include` needs the whole CDK and gives constructs, not values.
 * samtranslator and cfn-lint are Python and resolve nothing.
 *
 * @throws {@link TemplateError} when the template or a parameter is wrong; the message says where
 */
export async function readTemplate(options: ReadTemplateOptions): Promise<Application> {
  const {
    file,
    region = 'us-east-1',
    accountId = '000000000000',
    stackName = 'oncefold',
    deployed = {},
  } = options;
  const unsupported: UnsupportedFeature[] = [];
  const report = (logicalId: string, what: string): void => {
    if (!unsupported.some((feature) => feature.logicalId === logicalId && feature.what === what)) {
      unsupported.push({ logicalId, what });
    }
  };
  const root = openStack({
    file,
    documents: await readDocuments(file, report),
    parameterOverrides: options.parameterOverrides ?? {},
    place: { region, accountId },
    stackName,
    deployed,
    report,
  });
  const stacks = withNested(root);
  const ignored = createIgnoredParts();
  const resources = readApplication(stacks, {
    root,
    place: { region, accountId },
    onDemandShardCount: options.onDemandShardCount ?? 4,
    ignore: ignored.add,
  });
  for (const stack of stacks) {
    reportSections(stack, ignored.add);
  }
  const outputs = readOutputs(root);
  return { ...resources, outputs, unsupported, ignored: ignored.list() satisfies IgnoredPart[] };
}
