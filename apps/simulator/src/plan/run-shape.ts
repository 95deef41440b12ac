/** How often each way of a fact to the ingress is taken; weights, of which at least one is above 0. */
export interface DoorWeights {
  /** Pushed only. */
  readonly push: number;
  /** Put into the queue only. */
  readonly queue: number;
  /** Pushed and put into the queue, whichever comes first. */
  readonly both: number;
}

/** What goes wrong in a run, and how facts travel. Shares are from 0 to 1. */
export interface RunShape {
  readonly doors: DoorWeights;
  /** Share of what is reported that is reported once more. */
  readonly duplicates: number;
  /** Share of what is reported that comes at any time of the run, far from its place. */
  readonly disorder: number;
  /** Bodies that nobody can read, for each message of the run. */
  readonly poison: number;
  /** Share of messages that are reported hours after they were sent, at the end of the run. */
  readonly late: number;
  /** Share of messages that are reported twice, and differently. */
  readonly contradictions: number;
}

/** What a run is like when nobody says anything else. */
export const DEFAULT_SHAPE: RunShape = {
  doors: { push: 40, queue: 30, both: 30 },
  duplicates: 0.02,
  disorder: 0.02,
  poison: 0.005,
  late: 0.01,
  contradictions: 0.02,
};
