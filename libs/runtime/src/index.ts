export { addressMatcher, addressProblem, plainAddress } from './address-list.js';
export type {
  Account,
  Configuration,
  Credentials,
  HttpDoor,
  ProviderCatalogue,
  PushAuthentication,
  PushKey,
  QueueDoor,
  Sender,
  Source,
} from './configuration/configuration.js';
export { loadConfiguration, type LoadOptions } from './configuration/load.js';
export { registerConsumerMetrics, type TopicProgress } from './consumer-metrics.js';
export { parseDuration } from './duration.js';
export type { VariableDescription } from './environment-variable.js';
export { processEnvironment, readEnvironment, VARIABLES } from './environment.js';
export type { Environment, EnvironmentOf, LogLevel, Retention, Role, TlsFiles } from './environment-shape.js';
export { Health, type CheckResult, type HealthCheck, type HealthReport } from './health.js';
export { createLogger, describeError, traceFields, type Logger, type LogSettings } from './logging.js';
export { ManagementServer } from './management-server.js';
export { ManagementModule, type ManagementOptions } from './management.module.js';
export { METRIC_PREFIX, Metrics } from './metrics.js';
export { ConfigurationError, EnvironmentError, StartError, type Mistake } from './mistakes.js';
export { NestLogger } from './nest-logger.js';
export { LiveConfiguration, type Prepare } from './reload/live-configuration.js';
export { Reloading, type Reloadable, type ReloadingParts } from './reload/reloading.js';
export { PlainHistogram } from './plain-histogram.js';
export { publishMetrics, type FinishedSend } from './publish-metrics.js';
export { runStage, type Stage, type StageParts } from './run-stage.js';
export { shutDownOnSignals, type Shutdown, type ShutdownParts } from './shutdown.js';
export { softwareVersion } from './software-version.js';
export { registerStageMetrics, type StageName } from './stage-metrics.js';
export { explain, listenOrExplain, startOrExplain } from './start.js';
export { TYPED } from './typed-commands.js';
