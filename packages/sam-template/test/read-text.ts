import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Application } from '../src/application.ts';
import { type ReadTemplateOptions, readTemplate } from '../src/read-template.ts';

/**
 * Reads a template that a test has as text.
 *
 * @param files - further files by their path from the template
 */
export async function readText(
  text: string,
  options: Partial<ReadTemplateOptions> & { readonly files?: Readonly<Record<string, string>> } = {},
): Promise<Application> {
  const { files = {}, ...others } = options;
  const folder = await mkdtemp(join(tmpdir(), 'oncefold-template-'));
  try {
    for (const [path, content] of Object.entries({ 'template.yaml': text, ...files })) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    return await readTemplate({ file: join(folder, 'template.yaml'), accountId: '123456789012', ...others });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What was reported, one line each. */
export function reports({ unsupported }: Pick<Application, 'unsupported'>): string[] {
  return unsupported.map(({ logicalId, what }) => `${logicalId}: ${what}`);
}

/** A template of SAM with these resources, a stream `S` and a table `T` with a stream among them. */
export function withStreams(resources: string, more = ''): string {
  return `Transform: [AWS::Serverless-2016-10-31${more}]
Resources:
  S: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 1 } }
  T:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      StreamSpecification: { StreamViewType: NEW_IMAGE }
${resources.replace(/^(?=.)/gm, '  ')}
`;
}
