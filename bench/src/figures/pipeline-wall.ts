import type { Figure } from '../figure.ts';
import { recordPipelineRequests, sendBare } from '../pipeline/bare-client.ts';
import { runPipeline } from '../pipeline/run-pipeline.ts';

const ROUNDS = 2;

/**
 * The whole pipeline as it runs on a laptop, against its engines alone.
 *
 * Each round has engines of its own, new ones: how far their compilers have come is part of both. The pipeline's time holds the
 * batching windows of the template (a second each in map and reduce), which the bare client does not wait for.
 */
export const pipelineWall: Figure = {
  name: 'pipeline-wall',
  title: 'whole pipeline on local engines, 10,000 messages, first put to last commit',
  reference: 'the same requests to the engines, from a bare client as fast as they take them',
  unit: 's',
  goal: { of: 'ratio', max: 1.2 },
  fullOnly: true,
  async measure() {
    const load = { messages: 10_000, seed: 1 };
    const requests = await recordPipelineRequests(load);
    const pairs = [];
    const enginesCpu = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const isSubjectFirst = round % 2 === 0;
      const first = isSubjectFirst ? await runPipeline(load) : await sendBare(requests, load);
      const second = isSubjectFirst ? await sendBare(requests, load) : await runPipeline(load);
      const [subject, reference] = isSubjectFirst ? [first, second] : [second, first];
      pairs.push({ subject: subject.wallSeconds, reference: reference.wallSeconds });
      enginesCpu.push({ subject: subject.enginesCpuSeconds, reference: reference.enginesCpuSeconds });
    }
    const counts = Object.fromEntries([...requests].map(([id, { length }]) => [id, length]));
    return { pairs, details: { requests: counts, enginesCpuSeconds: enginesCpu } };
  },
};
