/** Decisions: what the rules answered, why, on which facts, under which requirements and which texts. */
import type { DeviceLogEntry } from './device.ts';
import type { Eui64, KeyId, RequestId } from './ids.ts';
import type { KeyState } from './key-state.ts';
import type { MessageFacts } from './message-facts.ts';
import type {
  CombinationsStatement,
  InventoryStatement,
  ProductsStatement,
  RegisteredKey,
  SignersStatement,
  SuppliersStatement,
} from './register.ts';
import type { CohortsStatement, DocumentsStatement, ServicesStatement, StepsStatement, TextId, UsersStatement } from './regulation.ts';
import type { Countersigned, ServiceRequest } from './service-request.ts';

/** At which point a decision is asked for: authority is checked again at each [R-PPMID-01]. `intake` is the S1SP's. */
export type Moment = 'intake' | 'issue' | 'start' | 'resume' | 'activation';

/** A signature over the request that verified: whose key, in which role. */
export interface Signature {
  readonly kid: KeyId;
  readonly role: string;
  readonly party: Eui64;
}

/** What the signers register says of keys; the keys themselves are of no use to a rule. */
export type SignersFacts = Omit<SignersStatement, 'signers'> & { readonly signers: readonly Omit<RegisteredKey, 'key'>[] };

/** Everything a rule may look at. Pure data: the same facts give the same decision for ever. */
export interface Facts<T extends ServiceRequest = ServiceRequest> {
  /** Whole seconds since 1970. */
  readonly now: number;
  /** The latest second that stood on record before this decision: time does not run backwards. */
  readonly latest: number;
  readonly moment: Moment;
  /** When the request was allowed at issue; undefined then. What was done under an earlier text stays done [R-DOC-08]. */
  readonly accepted: number | undefined;
  readonly gateway: Eui64;
  readonly request: T;
  readonly requestId: RequestId;
  /** Who signed as User, and the role of that key. */
  readonly user: { readonly party: Eui64; readonly role: string; readonly name: string };
  /** Every signature that verified, the User's first. */
  readonly signatures: readonly Signature[];
  /** The newest statement of each kind, or undefined when there is none; whether it is in force is for the rules. */
  readonly signers: SignersFacts | undefined;
  readonly users: UsersStatement | undefined;
  readonly suppliers: SuppliersStatement | undefined;
  readonly products: ProductsStatement | undefined;
  readonly combinations: CombinationsStatement | undefined;
  readonly inventory: InventoryStatement | undefined;
  readonly documents: DocumentsStatement | undefined;
  readonly cohorts: CohortsStatement | undefined;
  readonly services: ServicesStatement | undefined;
  /** The device log, the target among it when it is known. */
  readonly devices: readonly DeviceLogEntry[];
  /** The Communications Hub's own model: part of every combination. */
  readonly hub: DeviceLogEntry;
  /** For a cancel request: whether the request to be cancelled has a job here whose activation was not granted yet. */
  readonly cancellable: boolean;
  /** For an order just received: whether its target has a job here that is not at its end. False at every later moment of a job. */
  readonly underway: boolean;
  /** A top-up entered at the home is on its way to a meter. */
  readonly topUpPending: boolean;
  /** Where the keys of the target stand, for a hub whose PPMIDs' keys are asked about; undefined = nobody says [R-KEYS-01]. */
  readonly keyState?: KeyState | undefined;
  /** Equivalent steps, at the S1SP's door: a gateway does not decide by them [R-SVC-05]. */
  readonly steps?: StepsStatement | undefined;
}

/** The facts that a door is given; request, signer and signatures it takes from the signed message, so the two cannot differ. */
export type Situation = Omit<Facts, 'request' | 'requestId' | 'user' | 'signatures'>;

/** What says who is responsible for a gateway's hub, and who asks. */
export type Authority = Pick<Facts, 'now' | 'gateway' | 'user' | 'suppliers'>;

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
  /** The family of documents that it comes from, where it comes from one [R-SVC-03]. */
  readonly family?: 'S1SR' | 'DUIS' | 'SRPD' | 'DMVES' | 'UISS' | 'TMAD' | 'SEC';
  /** What about it no source says and this project infers; shown wherever the rule is. */
  readonly inference?: string;
  /**
   * Members of the facts whose instants it compares the time with, by path; a list or a register stands for all that is dated in it, and its
   * lists that are of no concern to most rules are named by themselves (`policy/boundaries.ts`).
   */
  readonly dated?: readonly (`${keyof F & string}` | `${keyof F & string}.${string}`)[];
  /** What it compares the time with besides: instants that follow from the facts, or that are its own. */
  readonly instants?: (facts: F) => readonly Boundary[];
  /** The objection, or undefined when there is none. */
  readonly check: (facts: F) => Objection | undefined;
}

/** An instant at which an answer may change, and what it is. Whole seconds since 1970. */
export interface Boundary {
  readonly what: string;
  readonly at: number;
}

/** What every answer of the rules says besides its verdict. */
export interface Basis {
  /** DUIS response code, or `none` where no public one fits. */
  readonly response: string;
  readonly requirements: readonly string[];
  /** The texts in force, as of acceptance. */
  readonly documents: readonly TextId[];
  /** Every instant that the rules asked compare the time with: the answer to these facts can change at these alone. */
  readonly boundaries: readonly Boundary[];
}

/** What the rules answer to facts: no authority goes with it. */
export type Answer =
  | (Basis & { readonly verdict: 'allow'; readonly rules: readonly string[] })
  | (Basis & Objection & { readonly verdict: 'refuse'; readonly rule: string; readonly family: string | undefined });

/** The answer to a request. */
export type Decision<T extends ServiceRequest = ServiceRequest> = Allowed<T> | Refused;

/** The rules allow it. Made in `policy/` alone, recognised by its registry, not by shape. */
export interface Allowed<T extends ServiceRequest = ServiceRequest> extends Basis {
  readonly verdict: 'allow';
  readonly countersigned: Countersigned<T>;
  /** Names of the rules asked, in order. */
  readonly rules: readonly string[];
  readonly facts: Facts<T>;
}

/** The rules, or a check before them, refuse it. */
export interface Refused extends Basis {
  readonly verdict: 'refuse';
  readonly code: string;
  readonly detail: string;
  /** Name of the rule or check that refused. */
  readonly rule: string;
  readonly family: string | undefined;
  /** What the rules looked at; undefined when the message was refused before any rule was asked. */
  readonly facts: Facts | undefined;
  /** What the checks of the message looked at, where one of them refused. */
  readonly message?: MessageFacts;
}

/** The S1SP's answer at intake: the request is worth countersigning, or not. It cannot start a job. */
export type IntakeDecision = Forward | Refused;

/** Nothing that the S1SP may judge speaks against the request; the gateway decides on its own facts. */
export interface Forward extends Basis {
  readonly verdict: 'forward';
  /** Names of the rules asked, in order. */
  readonly rules: readonly string[];
  readonly facts: Facts;
}
