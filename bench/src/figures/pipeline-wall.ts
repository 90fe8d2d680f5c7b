import type { Figure, Pair } from '../figure.ts';
import { alternate } from '../measure/alternate.ts';
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
    const rounds = await alternate(ROUNDS, {
      subject: () => runPipeline(load),
      reference: () => sendBare(requests, load),
    });
    const secondsOf = (what: 'wallSeconds' | 'enginesCpuSeconds'): readonly Pair[] =>
      rounds.map(({ subject, reference }) => ({ subject: subject[what], reference: reference[what] }));
    const counts = Object.fromEntries([...requests].map(([id, { length }]) => [id, length]));
    return {
      pairs: secondsOf('wallSeconds'),
      details: { requests: counts, enginesCpuSeconds: secondsOf('enginesCpuSeconds') },
    };
  },
};
