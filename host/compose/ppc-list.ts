/** The items of a combination's test list, run one after another on a bench for it. */
import type { PpcItem } from '../lab/ppc-report.ts';
import { Fault, ok, refuse, type Result } from '../model/fault.ts';
import type { RequestId } from '../model/ids.ts';
import type { ImageReport } from '../model/image.ts';
import type { JobStage, ReportEvent } from '../model/job.ts';
import type { CancelUpdate, UpdateFirmware } from '../model/service-request.ts';
import { version } from '../policy/wording.ts';
import { seconds } from '../ports/clock.ts';
import { EUI } from './home.ts';
import type { LabParty } from './lab-material.ts';
import type { PpcRig } from './ppc-rig.ts';
import { orderUpdate, signRequest } from './user.ts';
import { until } from './watch.ts';

/** What the list is run with. */
export interface PpcListPlan {
  readonly image: Uint8Array;
  /** The verifier's report of it. */
  readonly verified: ImageReport;
  /** Seconds of real time within which all devices must have joined. */
  readonly joinWithin?: number | undefined;
  readonly tell: (item: PpcItem) => void;
}

type StageEvent = Extract<ReportEvent, { type: 'stage' }>;
type Attempt = () => Promise<Result<string>>;

const JOIN_WITHIN = 60;
const REAL_JOIN_WITHIN = 600;
/** Longest wait for the next state of an upgrade, real time. */
const PATIENCE_MS = 540_000;
/** Longest wait for an Alert, real time. */
const ALERT_MS = 60_000;
const HOUR = 3_600;
const ENDS: readonly JobStage[] = ['succeeded', 'failed', 'refused', 'cancelled'];

/** A test list on its bench. */
export class PpcList {
  readonly #rig: PpcRig;
  readonly #plan: PpcListPlan;
  readonly #items: PpcItem[] = [];
  #counter = 0n;
  #joined = true;

  constructor(rig: PpcRig, plan: PpcListPlan) {
    this.#rig = rig;
    this.#plan = plan;
  }

  /** Runs every item once, in their order. What comes after a fault of the gateway is not run. */
  async run(): Promise<readonly PpcItem[]> {
    const { devices, virtual, ppmid, stranger } = this.#rig;
    const deadline = Date.now() + 1000 * (this.#plan.joinWithin ?? (virtual.size > 0 ? JOIN_WITHIN : REAL_JOIN_WITHIN));
    for (const each of virtual.values()) await each.powerOn();
    for (const { eui, type } of devices) {
      await this.#item(`join-${type}`, 'device', ['R-DEV-03', 'R-KEYMAT-01'], () => this.#join(eui, deadline));
    }
    await this.#item('image', 'device', ['R-DM-01', 'R-PPMID-07'], async () => this.#image());
    await this.#item('version-ppmid', 'device', ['R-DM-01'], () => this.#version(deadline));
    const { gas } = this.#rig.world.material.parties;
    const order = ['R-PPMID-01', 'R-PPMID-06'];
    await this.#item('update-firmware-of-another-party', 'request', ['R-PPMID-02'], () => this.#refusedFor(gas));
    await this.#item('update-firmware-cancelled', 'request', order, () => this.#cancelled());
    await this.#item('update-firmware', 'request', order, () => this.#updated());
    await this.#item('ppmid-keys', 'alert', ['R-KEYS-01'], () =>
      this.#seen(`the keys of ${ppmid.eui}`, (event) => event.type === 'ppmid-keys' && event.device === ppmid.eui),
    );
    const unknown = ['R-DEV-03'];
    if (stranger === undefined)
      this.#put('device-not-in-log', 'alert', 'not-applicable', 'needs a virtual device that may not join', unknown, 0);
    else {
      await this.#item('device-not-in-log', 'alert', unknown, async () => {
        await stranger.powerOn();
        return this.#seen('a device that may not join', (event) => event.type === 'alert' && event.code === 'device-not-in-log');
      });
    }
    return this.#items;
  }

  async #item(name: string, kind: PpcItem['kind'], requirements: readonly string[], attempt: Attempt): Promise<void> {
    const { clock, gateway } = this.#rig;
    if (gateway.failed) return this.#put(name, kind, 'not-run', 'the gateway cannot go on', requirements, 0);
    if (kind === 'request' && !this.#joined) return this.#put(name, kind, 'not-run', 'the PPMID did not join', requirements, 0);
    const begun = clock.now();
    const done = await attempt().catch((cause: unknown): Result<string> => {
      if (cause instanceof Fault) return refuse(cause.code, cause.message);
      throw cause;
    });
    const took = Math.round(clock.now() - begun);
    this.#put(name, kind, done.ok ? 'passed' : 'failed', done.ok ? done.value : `${done.code}: ${done.detail}`, requirements, took);
  }

  #put(
    name: string,
    kind: PpcItem['kind'],
    verdict: PpcItem['verdict'],
    detail: string,
    requirements: readonly string[],
    milliseconds: number,
  ): void {
    const item = { name, kind, verdict, detail, requirements, milliseconds };
    this.#items.push(item);
    this.#plan.tell(item);
  }

  async #join(eui: PpcRig['ppmid']['eui'], deadline: number): Promise<Result<string>> {
    const { gateway, ppmid } = this.#rig;
    try {
      await until(`${eui} joining`, () => gateway.linked(eui), Math.max(0, deadline - Date.now()));
    } catch (cause) {
      if (gateway.failed) throw cause;
      if (eui === ppmid.eui) this.#joined = false;
      return refuse('not-joined', `${eui} has no link key${gateway.trouble}`);
    }
    return ok(`${eui} joined by its install code and has a link key by certificate`);
  }

  #image(): Result<string> {
    const { verdict, code, checks } = this.#plan.verified;
    const failed = checks.find(({ result }) => result === 'failed');
    if (verdict === 'accepted') return ok(`accepted, ${checks.filter(({ result }) => result === 'passed').length} checks passed`);
    return refuse(code ?? 'refused', failed === undefined ? 'the image is refused' : `expected ${failed.expected}, found ${failed.found}`);
  }

  async #version(deadline: number): Promise<Result<string>> {
    const { gateway, ppmid } = this.#rig;
    if (this.#joined) await until('the version of the PPMID', () => gateway.asked(ppmid.eui), Math.max(ALERT_MS, deadline - Date.now()));
    const found = gateway.version(ppmid.eui);
    return found === undefined
      ? refuse('version-not-read', 'the PPMID answered no firmware version')
      : ok(`answers ${version(found)} before the upgrade`);
  }

  async #refusedFor(party: LabParty): Promise<Result<string>> {
    const { requestId: _, ...answer } = await this.#submit(party, this.#order(party));
    return answer.verdict === 'refused' ? ok(`refused: ${answer.code}`) : refuse('not-refused', 'the order of another party was forwarded');
  }

  /** An order for an hour from now is cancelled while it waits; the device keeps what it runs. */
  async #cancelled(): Promise<Result<string>> {
    const { lead } = this.#rig.world.material.parties;
    const now = seconds(this.#rig.clock);
    const ordered = await this.#submit(lead, this.#order(lead, now + HOUR));
    if (ordered.verdict !== 'forwarded') return refuse(ordered.code ?? 'refused', ordered.detail);
    const requestId = ordered.requestId as RequestId;
    const waiting = await this.#stage(requestId, [...ENDS, 'verified']);
    if (waiting.stage !== 'verified') return ending(waiting);
    const { originator, target, gateway, environment } = this.#order(lead);
    const cancel: CancelUpdate = {
      ...{ kind: 'cancel-update', originator, target, gateway, environment, counter: this.#next(), cancels: requestId },
      notBefore: now - HOUR,
      expires: seconds(this.#rig.clock) + HOUR,
    };
    const answer = await this.#rig.world.lead.submit(signRequest(cancel, lead.key), new Uint8Array(0));
    if (answer.verdict !== 'forwarded') return refuse(answer.code ?? 'refused', answer.detail);
    const end = await this.#stage(requestId, ENDS);
    return end.stage === 'cancelled' ? ok('cancelled before its window opened') : ending(end);
  }

  async #updated(): Promise<Result<string>> {
    const { lead } = this.#rig.world.material.parties;
    const answer = await this.#submit(lead, this.#order(lead));
    if (answer.verdict !== 'forwarded') return refuse(answer.code ?? 'refused', answer.detail);
    const end = await this.#stage(answer.requestId as RequestId, ENDS);
    const { received } = this.#rig.virtual.get(this.#rig.ppmid.eui) ?? {};
    if (end.stage !== 'succeeded') return ending(end);
    if (received !== undefined && Buffer.compare(received.file, this.#plan.image) !== 0)
      return refuse('not-bit-for-bit', 'the device holds another file');
    return ok(`succeeded, answers ${version(end.firmwareVersion)}`);
  }

  #order(by: LabParty, activateFrom?: number): UpdateFirmware {
    const { clock, ppmid } = this.#rig;
    return orderUpdate({
      originator: by.signer.party,
      target: ppmid.eui,
      gateway: EUI.gateway,
      counter: this.#next(),
      image: this.#plan.image,
      firmwareVersion: this.#plan.verified.header?.fileVersion ?? 0,
      now: seconds(clock),
      purpose: 'test of a pending product combination',
      environment: 'lab',
      ...(activateFrom !== undefined && { activateFrom }),
    });
  }

  #submit(by: LabParty, order: UpdateFirmware) {
    return this.#rig.world.lead.submit(signRequest(order, by.key), this.#plan.image);
  }

  async #stage(requestId: RequestId, stages: readonly JobStage[]): Promise<StageEvent> {
    const wanted = (event: ReportEvent): event is StageEvent =>
      event.type === 'stage' && event.requestId === requestId && stages.includes(event.stage);
    return (await this.#rig.reports.next('the upgrade', wanted, PATIENCE_MS)).event;
  }

  async #seen(what: string, is: (event: ReportEvent) => boolean): Promise<Result<string>> {
    await this.#rig.reports.next(what, (event): event is ReportEvent => is(event), ALERT_MS);
    return ok('reported, with the signature of the gateway');
  }

  #next(): bigint {
    const now = BigInt(Math.floor(this.#rig.clock.now()));
    return (this.#counter = now > this.#counter ? now : this.#counter + 1n);
  }
}

const ending = ({ stage, reason }: StageEvent): Result<string> =>
  refuse(reason?.code ?? stage, reason?.detail ?? `the upgrade ended as ${stage}`);
