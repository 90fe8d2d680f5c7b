export type {
  Application,
  ApplicationLimits,
  Coverage,
  ExistingItem,
  ForeignWrite,
  FunctionDefinition,
  FunctionEnvironment,
  InvocationAnswer,
  MappingDefinition,
  ProducedRecord,
  ProgramDefinition,
  ProgramEnvironment,
  SimulatedBucket,
  SimulatedClock,
  SimulatedContext,
  SimulatedHandler,
  Simulation,
  StreamDefinition,
} from './application.ts';
export {
  type CommitStageOptions,
  commitStage,
  type StageParts,
  type StrategyEnvironment,
} from './commit-stage/commit-stage.ts';
export { commitStrategies, type StrategyName } from './commit-stage/commit-strategies.ts';
export { commitCoverage, findMissed } from './coverage/coverage.ts';
export {
  addReports,
  type ExhaustOptions,
  type ExhaustReport,
  exhaustWorlds,
} from './exhaustive/exhaust-worlds.ts';
export { type ReplayedWorld, replayWorld } from './exhaustive/replay-world.ts';
export type { WrongHistory } from './exhaustive/search-world.ts';
export { describeWorld, type SmallWorld, smallWorlds } from './exhaustive/small-world.ts';
export type { WorldSubject } from './exhaustive/world-run.ts';
export { type FaultKind, faultDescriptions, faultKinds } from './faults/fault-kinds.ts';
export type { FaultId } from './faults/fault-plan.ts';
export { type FoldStageOptions, foldStage, type ObservedTables } from './fold-stage/fold-stage.ts';
export type { History, HistoryEvent, ObservedItem, Violation } from './history/history.ts';
export type { SimulatedClient } from './network/simulated-client.ts';
export { createDraw, type Draw } from './random/draw.ts';
export { mergeSummaries, type RunSummary, runSeeds, type SeedOptions } from './run/run-seeds.ts';
export {
  type HistoryResult,
  runHistory,
  type Scenario,
} from './run-history.ts';
export { createPause, createTurn, type Turn } from './scheduler/turn.ts';
export { type Shrunk, shrinkScenario } from './shrink/shrink-scenario.ts';
export { createStore, type SimulatedStore, type StoreOptions } from './store/create-store.ts';
export { type CommandOutput, commandRequest } from './store/dynamodb-client.ts';
export { SimulatedStoreError } from './store/simulated-store-error.ts';
export type {
  AttributeMap,
  Execution,
  ItemChange,
  MemberThrottle,
  StoreRequest,
  TableDefinition,
} from './store/store.ts';
export { transactionRequest } from './store/transactions.ts';
export { changeRecord } from './streams/change-record.ts';
export { placeOf } from './streams/simulated-stream.ts';
export { createTimeline, type Timeline } from './timeline/timeline.ts';
export { clockText } from './timeline/words.ts';
