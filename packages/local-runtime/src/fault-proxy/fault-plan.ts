import type { Rejection } from './rejections.ts';

export interface ProxiedRequest {
  /** Who sent it: the first segment of the path in the endpoint that the function was given. */
  readonly client: string;
  /** Such as `TransactWriteItems`. */
  readonly operation: string;
  /** The parsed body; an empty object where the body is no JSON object. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface EngineReply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Passes the message on, drops it together with the connection, or answers with an error in its place. */
export type FaultDecision = 'pass' | 'drop' | Rejection;

/**
 * Decides what becomes of each request and of each reply.
 *
 * A decision may take its time: until it is there the message is delayed, or held. A request that is held reaches the engine
 * when it is released, even if the function that sent it is gone by then: it is on its way.
 */
export interface FaultPlan {
  beforeEngine?(request: ProxiedRequest): FaultDecision | Promise<FaultDecision>;
  /** After the engine has answered, and before the function learns it. */
  afterEngine?(request: ProxiedRequest, reply: EngineReply): FaultDecision | Promise<FaultDecision>;
}
