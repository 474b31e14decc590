/** The module for plugin authors: `import { … } from 'relpipe/plugin'`. */
// One copy of TypeBox for the engine and all plugins: each of its own would be read at every start.
export { Type } from 'typebox';
export type { Static, TSchema } from 'typebox';
export type { DeliveryEnd, NotifyEvent } from '../model/notify.ts';
export type { Mode } from '../model/mode.ts';
export type { Outcome, StepEnd } from '../model/outcome.ts';
export type { Verdict } from '../model/verdict.ts';
export { defineChannel } from './channel-type.ts';
export type { ChannelType, DocumentChannel, MessageChannel, SendContext } from './channel-type.ts';
export { defineComposite } from './composite-type.ts';
export type { AskedApproval, CompositeType, Handle, Unfolding, Urgency } from './composite-type.ts';
export type {
  ExecOptions,
  ExecResult,
  MeasureContext,
  ProbeContext,
  ReadContext,
  RunContext,
  AutomaticRollbackContext,
  RollbackContext,
} from './context.ts';
export type { Finding, Preview } from './finding.ts';
export { defineGroup } from './group-type.ts';
export type { GroupType } from './group-type.ts';
export { isFullyKnown, isLater, plannedText, unknownUntilRun } from './later.ts';
export type { Later, Planned, PlannedConfig, Shaped } from './later.ts';
export type { Message } from './message.ts';
export { defineMetric } from './metric-type.ts';
export type { SampleRequest, Measurement, MetricType, MetricUse, Unit } from './metric-type.ts';
export { definePlugin } from './plugin.ts';
export type { Plugin } from './plugin.ts';
export type { Point, Provided, Provision } from './point.ts';
export type { ReportedEvent, ReportedPlan, TaskVerb } from './reported-event.ts';
export { approval, headers, point, quantity, secret, shape } from './schema-words.ts';
export type { QuantityKind } from './schema-words.ts';
export type { Json, Secret } from './values.ts';
export { isStepError, StepError } from './step-error.ts';
export type { StepErrorDetails } from './step-error.ts';
export { defineStep, isAssisted, isAutomatic, rollbackKindOf } from './step-type.ts';
export type { AssistedRollback, AutomaticRollback, Probe, RollbackKind, StepType, TeardownScope } from './step-type.ts';
