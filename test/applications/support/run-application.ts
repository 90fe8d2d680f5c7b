import { isAbsolute, join } from 'node:path';
import { type ApplicationOptions, startApplication, type TestApplication } from '@oncefold/cli/testing';
import { onTestFinished } from 'vitest';
import { createProducer, type Producer } from './producer.ts';

export const applications: string = join(import.meta.dirname, '..');

/** Runs an application of this folder, or a copy elsewhere, until the test has finished. */
export async function runApplication(
  template: string,
  options: ApplicationOptions = {},
): Promise<Producer & { readonly application: TestApplication }> {
  const file = isAbsolute(template) ? template : join(applications, template);
  const application = await startApplication(file, options);
  onTestFinished(() => application.stop());
  const clients = {
    dynamodb: application.clientConfig('dynamodb'),
    kinesis: application.clientConfig('kinesis'),
  };
  return { ...createProducer(clients, () => application.waitUntilIdle({ timeoutMs: 120_000 })), application };
}
