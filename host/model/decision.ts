/** Decisions: what the rules answered, why, on which facts and under which requirements. */
import type { Cohort } from './cohort.ts';
import type { DeviceLogEntry } from './device.ts';
import type { Eui64, RequestId } from './ids.ts';
import type { KeyState } from './key-state.ts';
import type { CombinationsStatement, ProductsStatement, SuppliersStatement } from './register.ts';
import type { Countersigned, ServiceRequest } from './service-request.ts';

/** At which point a decision is asked for: authority is checked again at each [R-PPMID-01]. */
export type Moment = 'issue' | 'start' | 'resume' | 'activation';

/** Everything a rule may look at. Pure data: the same facts give the same decision for ever. */
export interface Facts<T extends ServiceRequest = ServiceRequest> {
  /** Whole seconds since 1970. */
  readonly now: number;
  readonly moment: Moment;
  readonly gateway: Eui64;
  readonly request: T;
  readonly requestId: RequestId;
  /** Who signed as User, and the role of that key. */
  readonly user: { readonly party: Eui64; readonly role: string; readonly name: string };
  /** The newest valid statement of each kind, or undefined when there is none in force. */
  readonly suppliers: SuppliersStatement | undefined;
  readonly products: ProductsStatement | undefined;
  readonly combinations: CombinationsStatement | undefined;
  /** The device log, the target among it when it is known. */
  readonly devices: readonly DeviceLogEntry[];
  /** The Communications Hub's own model: part of every combination. */
  readonly hub: DeviceLogEntry;
  /** For a cancel request: whether the request to be cancelled has a job here whose activation was not granted yet. */
  readonly cancellable: boolean;
  /** For an order just received: whether its target has a job here that is not at its end. False at every later moment of a job. */
  readonly underway: boolean;
  /** The cohort that the hub was migrated with; undefined = nobody says. */
  readonly cohort?: Cohort | undefined;
  /** Where the keys of the target stand, for a hub of a cohort whose PPMIDs' keys are asked about [R-KEYS-01]. */
  readonly keyState?: KeyState | undefined;
}

/** What the S1SP may judge by: the request, its signer and the time, without the gateway's statements and devices. */
export type IntakeFacts<T extends ServiceRequest = ServiceRequest> = Pick<Facts<T>, 'now' | 'request' | 'requestId' | 'user'>;

/** The facts that a door is given; the request and its signer it takes from the signed message, so the two cannot differ. */
export type Situation = Omit<Facts, 'request' | 'requestId' | 'user'>;

/** One rule's say: `undefined` when it has no objection. */
export interface Objection {
  /** Stable kebab-case reason code. */
  readonly code: string;
  /** One line for a person, naming the facts it rests on. */
  readonly detail: string;
  readonly requirements: readonly string[];
}

/** A rule: pure, named, resting on requirements; `F` says how much of the facts it looks at. */
export interface Rule<F = Facts> {
  /** Stable kebab-case name. */
  readonly name: string;
  /** Every requirement that the rule serves. */
  readonly requirements: readonly string[];
  /** The objection, or undefined when there is none. */
  readonly check: (facts: F) => Objection | undefined;
}

/** The answer to a request. */
export type Decision<T extends ServiceRequest = ServiceRequest> = Allowed<T> | Refused;

/** The rules allow it. Made in `policy/` alone, recognised by its registry, not by shape. */
export interface Allowed<T extends ServiceRequest = ServiceRequest> {
  readonly verdict: 'allow';
  readonly countersigned: Countersigned<T>;
  readonly requirements: readonly string[];
  /** Names of the rules asked, in order. */
  readonly rules: readonly string[];
  readonly facts: Facts<T>;
}

/** The rules, or a check before them, refuse it. */
export interface Refused {
  readonly verdict: 'refuse';
  readonly code: string;
  readonly detail: string;
  readonly requirements: readonly string[];
  /** Name of the rule or check that refused. */
  readonly rule: string;
}

/** The S1SP's answer at intake: the request is worth countersigning, or not. It cannot start a job. */
export type IntakeDecision = Forward | Refused;

/** Nothing that the S1SP may judge speaks against the request; the gateway decides on its own facts. */
export interface Forward {
  readonly verdict: 'forward';
  readonly requirements: readonly string[];
  /** Names of the rules asked, in order. */
  readonly rules: readonly string[];
}
