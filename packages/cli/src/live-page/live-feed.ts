import { randomUUID } from 'node:crypto';
import type { Application, MappingResource } from '@oncefold/sam-template';
import { readContract, stagesOf } from '../pipeline/pipeline-contract.ts';
import { stageName } from '../pipeline/progress-view.ts';
import type { Pipeline } from '../pipeline/start-pipeline.ts';
import { LiveBoard, type LiveStage } from './board/live-board.ts';
import { changedContent, isUnchanged, type PageContent, renderContent } from './content/page-sections.ts';
import type { Conclusion, PageView, StageView, Told } from './content/page-view.ts';
import type { PageClients } from './server/page-clients.ts';
import type { SumsSource } from './tables/sums-source.ts';
import type { TableWatch } from './tables/table-watch.ts';
import { watchPipelineTables } from './tables/watch-pipeline-tables.ts';

/** What a page is about. */
export interface FeedSettings {
  /** Such as `oncefold demo`. */
  readonly command: string;
  /** Whether tables and names are those of the pipeline. */
  readonly isPipeline: boolean;
}

/**
 * What is shown, and to whom: puts together what events, mappings, tables and the command say, and sends what is new.
 */
export class LiveFeed {
  readonly board: LiveBoard = new LiveBoard();
  readonly #settings: FeedSettings;
  readonly #clients: PageClients;
  readonly #run = randomUUID();
  #told: Told = {};
  #application: Application | undefined;
  #pipeline: Pipeline | undefined;
  #tables: TableWatch | undefined;
  #target: string | undefined;
  #last: PageContent | undefined;
  #isFrozen = false;

  constructor(settings: FeedSettings, clients: PageClients) {
    this.#settings = settings;
    this.#clients = clients;
  }

  begin(application: Application): void {
    this.#application = application;
    const sources = application.mappings.map(
      ({ logicalId, source }) => [logicalId, { isQueue: source.kind === 'sqs' }] as const,
    );
    this.board.begin(stagesOf(application), new Map(sources));
  }

  watch(pipeline: Pipeline): void {
    this.#pipeline = pipeline;
  }

  compareWith(source: SumsSource, signal: AbortSignal): void {
    if (this.#pipeline === undefined) {
      throw new Error('invariant: sums are compared once the pipeline runs');
    }
    if (this.#tables !== undefined) {
      this.#tables.compareWith(source);
      return;
    }
    const contract = readContract(this.#pipeline.application);
    const activity = (): number => this.board.activity;
    this.#target = contract.tables.aggregate;
    this.#tables = watchPipelineTables(this.#pipeline, { contract, source, signal, activity });
  }

  tell(told: Told): void {
    this.#told = { ...this.#told, ...told };
  }

  async conclude(conclusion: Conclusion): Promise<void> {
    if (this.#clients.count > 0) {
      await this.#tables?.lookLast(conclusion.isAtRest);
    }
    this.tell({ conclusion });
    this.turn();
    this.freeze();
  }

  /** Sends what is new to the pages that are open; where there are none, nothing is made. */
  turn(): void {
    if (this.#clients.count === 0) {
      return;
    }
    const before = this.#last;
    if (!this.#isFrozen || before === undefined) {
      this.#tables?.turn();
      this.#last = renderContent(this.#view());
    }
    this.#send(before);
  }

  freeze(): void {
    this.#isFrozen = true;
  }

  end(): void {
    this.#clients.end({ run: this.#run, ...this.#last });
  }

  #send(before: PageContent | undefined): void {
    const content = this.#last;
    if (content === undefined) {
      return;
    }
    const whole = { run: this.#run, ...content };
    const isNews = before === undefined || !isUnchanged(content, before);
    this.#clients.send({
      whole,
      ...(isNews && {
        changed: before === undefined ? whole : { ...whole, ...changedContent(content, before) },
      }),
    });
  }

  #view(): PageView {
    const now = Date.now();
    const { command } = this.#settings;
    return {
      ...{ command, now, told: this.#told, batches: this.board.batches, faults: this.board.faults },
      isRunning: this.#pipeline !== undefined,
      stages: this.board.stages(now).map((stage) => this.#stage(stage, now)),
      target: this.#target,
      tables: this.#tables?.view(),
    };
  }

  #stage(stage: LiveStage, now: number): StageView {
    const { functionId } = stage;
    const backlog = this.#pipeline?.running.backlog(functionId);
    return {
      ...stage,
      name: this.#settings.isPipeline ? stageName(stage) : functionId,
      sources: sourcesOf(functionId, this.#application),
      behind: {
        records: backlog?.records ?? 0,
        oldestMs: now - (backlog?.oldestReadAt ?? now),
        isMore: backlog?.isReadToEnd === false,
      },
    };
  }
}

function sourcesOf(functionId: string, application: Application | undefined): StageView['sources'] {
  return (application?.mappings ?? [])
    .filter(({ functionLogicalId }) => functionLogicalId === functionId)
    .map(({ source }) => sourceOf(source, application));
}

function sourceOf(
  { kind, logicalId }: MappingResource['source'],
  application: Application | undefined,
): StageView['sources'][number] {
  const isSource = (each: { readonly logicalId: string }): boolean => each.logicalId === logicalId;
  switch (kind) {
    case 'kinesis':
      return { kind: 'stream', name: application?.streams.find(isSource)?.streamName ?? logicalId };
    case 'dynamodb':
      return { kind: 'table', name: application?.tables.find(isSource)?.tableName ?? logicalId };
    case 'sqs':
      return { kind: 'queue', name: application?.queues.find(isSource)?.queueName ?? logicalId };
  }
}
