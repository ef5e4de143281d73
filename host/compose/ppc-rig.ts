/** A bench for a whole combination: a gateway whose lists hold just that combination, and its devices, virtual or behind a radio. */
import type { BenchDevice } from '../../firmware/devices/bench.ts';
import type { Habits } from '../../firmware/ppmid/habits.ts';
import { SimulatedClock } from '../adapters/clock-simulated.ts';
import type { PpcTags } from '../lab/ppc-report.ts';
import type { Cohort } from '../model/cohort.ts';
import type { CombinationMember } from '../model/dated.ts';
import type { DeviceLogEntry } from '../model/device.ts';
import { Fault } from '../model/fault.ts';
import { eui64, type Eui64 } from '../model/ids.ts';
import type { ImageHeader } from '../model/image.ts';
import type { ImageTrustStore } from '../stores/image-trust.ts';
import { placeDevices, type BenchEntry, type BenchPlace, type BenchUnit } from './bench-device.ts';
import { GatewayLog } from './gateway-log.ts';
import { EUI } from './home.ts';
import { ReportWatch } from './watch.ts';
import { startWorld, type World } from './world.ts';

/** What such a bench is made of. */
export interface PpcRigPlan extends BenchPlace {
  readonly combination: readonly CombinationMember[];
  /** The devices by type; virtual ones may be left out. */
  readonly units: ReadonlyMap<string, BenchUnit>;
  /** Header of the PPMID's image. */
  readonly header: ImageHeader;
  readonly trust: ImageTrustStore;
  /** Milliseconds since 1970. */
  readonly start: number;
  /** Release whose tests these are: the hub is one of its cohort. */
  readonly release: PpcTags['release'];
  /** Where the firmware of a virtual PPMID departs from the cluster's text. */
  readonly habits?: Habits | undefined;
  readonly stop: AbortSignal;
}

/** A running bench for a combination. */
export interface PpcRig {
  readonly world: World;
  readonly clock: SimulatedClock;
  readonly reports: ReportWatch;
  readonly gateway: GatewayLog;
  /** The devices, without the hub and what is a function of it. */
  readonly devices: readonly (DeviceLogEntry & { readonly eui: Eui64 })[];
  readonly ppmid: DeviceLogEntry;
  readonly virtual: ReadonlyMap<Eui64, BenchDevice>;
  /** A virtual device that is in no device log; undefined behind a radio. */
  readonly stranger: BenchDevice | undefined;
  close(): Promise<void>;
}

/** Simulated seconds per real second at most. */
const FAST = 200;
const STRANGER = eui64('02000000000002fe');
const COHORTS: Readonly<Record<PpcTags['release'], Cohort>> = { IOC: 'IOC', MOC: 'MOC-MDS', FOC: 'FOC' };
/** 2020-01-01: a hub enrolled before the PPMID firmware service began is asked for the keys of its PPMID, which a later one is not. */
const ENROLLED = 1_577_836_800;
/** EUI-64s of virtual devices whose type the sample home has not. */
const FURTHER = 0x0200_0000_0000_0210n;

/**
 * Starts one. No device is switched on. Rejects with Fault `input` for a combination without hub or PPMID, or with two devices of one type,
 * and with Fault `radio` where the radio cannot be opened; nothing is left open then.
 */
export async function startPpcRig(plan: PpcRigPlan): Promise<PpcRig> {
  const { combination, header } = plan;
  const clock = new SimulatedClock(plan.start);
  const hub = combination.find(({ type }) => type === 'chf');
  const members = combination.filter(({ type }) => type !== 'chf' && type !== 'gpf'); // a GPF is a function of the hub
  const version = members.find(({ type }) => type === 'ppmid')?.firmwareVersion;
  if (hub === undefined) throw new Fault('input', 'the combination has no hub (chf)');
  if (version === undefined) throw new Fault('input', 'the combination has no PPMID: no Service Request can be tested with it');
  if (new Set(members.map(({ type }) => type)).size < members.length)
    throw new Fault('input', 'the combination has two devices of one type');

  const entries = members.map((member, index): BenchEntry => {
    const unit = unitOf(plan, member.type, index);
    if (member.type !== 'ppmid') return { ...unit, entry: { ...member, eui: unit.eui, imageType: undefined } as DeviceLogEntry };
    const entry = { ...member, eui: unit.eui, imageType: header.imageType, firmwareVersion: undefined } as DeviceLogEntry;
    return { ...unit, entry, traits: { fileVersion: Math.max(0, version - 1), ...(plan.habits && { habits: plan.habits }) } };
  });
  const devices = entries.map(({ entry }) => entry);
  const ppmid = devices.find(({ type }) => type === 'ppmid')!;
  const strange = { eui: STRANGER, installCode: undefined, entry: { ...ppmid, eui: STRANGER } };
  const virtually = plan.radio.kind === 'air';
  const { radio, virtual, factory } = await placeDevices(plan, clock, virtually ? [...entries, strange] : entries);
  const gateway = new GatewayLog();
  const world = await startWorld({
    gateway: EUI.gateway,
    hub: { ...hub, eui: EUI.gateway, imageType: undefined } as DeviceLogEntry,
    devices,
    listed: [{ device: ppmid.eui, versions: [version] }],
    factory,
    clock,
    rate: plan.radio.kind === 'air' && !plan.radio.realtime ? FAST : 1,
    radio,
    channel: plan.channel,
    images: plan.trust,
    log: gateway.log,
    revise: (statement) =>
      statement.kind === 'inventory' ? { ...statement, cohort: COHORTS[plan.release], enrolled: ENROLLED } : statement,
    onFault: (cause) => gateway.fail(cause),
  });
  const reports = new ReportWatch(world.s1sp);
  gateway.onFault((cause) => reports.fail(cause));
  gateway.failOn(plan.stop);
  const stranger = virtual.get(STRANGER);
  return {
    ...{ world, clock, reports, gateway, devices, ppmid, stranger },
    virtual: new Map([...virtual].filter(([eui]) => eui !== STRANGER)),
    async close() {
      for (const each of virtual.values()) each.powerOff();
      await world.close();
    },
  };
}

function unitOf({ units, radio }: PpcRigPlan, type: string, index: number): BenchUnit {
  const given = units.get(type);
  if (given !== undefined) return given;
  if (radio.kind !== 'air') throw new Fault('config', `which device is the ${type}? A real one is known by its EUI-64`);
  const known = type === 'ppmid' || type === 'esme' ? EUI[type] : eui64((FURTHER + BigInt(index)).toString(16).padStart(16, '0'));
  return { eui: known, installCode: undefined };
}
