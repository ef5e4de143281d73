/** A lab of separate parts in real time: home and S1SP side in this process, the gateway in one of its own that can be killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MqttBroker } from '../../../host/adapters/broker-mqtt.ts';
import { SystemEntropy } from '../../../host/adapters/system.ts';
import { allGateways } from '../../../host/bridge/topics.ts';
import { loadS1spConfig } from '../../../host/compose/config.ts';
import { EUI, VERSION } from '../../../host/compose/home.ts';
import { labFiles } from '../../../host/compose/lab-folder.ts';
import { loadSigningKey } from '../../../host/compose/load.ts';
import { LAB_CHANNEL, runHome, type RunningHome } from '../../../host/compose/run-home.ts';
import { runS1sp, type Service } from '../../../host/compose/run-s1sp.ts';
import { orderUpdate, signRequest, User } from '../../../host/compose/user.ts';
import { openReport } from '../../../host/messages/report.ts';
import type { Report } from '../../../host/model/job.ts';
import { silent } from '../../../host/ports/log.ts';
import type { IntakeAnswer } from '../../../host/s1sp/s1sp.ts';
import { freePort } from '../../kit/broker-mosquitto.ts';

/** The home of a lab. */
export type LabHome = Pick<RunningHome, 'url' | 'stop'>;

const SAMPLE = { listen: { host: '127.0.0.1', port: 0 }, seed: 1, loss: 0, channel: LAB_CHANNEL, log: silent } as const;

/** A running lab. */
export class Lab<H extends LabHome = RunningHome> {
  readonly folder: string;
  readonly home: H;
  /** Every report that the broker delivered, repetitions included. */
  readonly reports: Report[] = [];
  readonly #s1sp: Service;
  readonly #broker: string;
  readonly #observer: MqttBroker;
  #gateway: ChildProcess | undefined;
  #listener: (report: Report) => void = () => {};

  private constructor(folder: string, home: H, s1sp: Service, broker: string, observer: MqttBroker) {
    this.folder = folder;
    this.home = home;
    this.#s1sp = s1sp;
    this.#broker = broker;
    this.#observer = observer;
  }

  /** Writes a lab into a temporary folder and starts everything but the gateway, with the sample home. */
  static async start(): Promise<Lab> {
    return Lab.around(await runHome(SAMPLE));
  }

  /** As `start`, around a home that runs. */
  static async around<H extends LabHome>(home: H): Promise<Lab<H>> {
    const folder = await mkdtemp(join(tmpdir(), 'hearthgate-kill-'));
    const places = { broker: `127.0.0.1:${await freePort()}`, radio: new URL(home.url).host };
    for (const { path, content, secret } of await labFiles(places, Math.floor(Date.now() / 1000))) {
      const target = join(folder, path);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await writeFile(target, content, { mode: secret ? 0o600 : 0o644 });
    }
    const s1sp = await runS1sp(await loadS1spConfig(join(folder, 's1sp.yaml')), silent);
    const broker = `mqtt://${places.broker}`;
    const observer = new MqttBroker({ url: broker, clientId: 'observer' }, { entropy: new SystemEntropy(), log: silent });
    const lab = new Lab(folder, home, s1sp, broker, observer);
    const { signer } = await loadSigningKey(join(folder, 'keys/gateway.key'), 'lab', ['gateway']);
    observer.onMessage(({ payload }) => {
      const opened = openReport(payload, (kid) => (kid === signer.kid ? signer : undefined));
      if (!opened.ok) throw new Error(opened.detail);
      lab.reports.push(opened.value.report);
      lab.#listener(opened.value.report);
    });
    await observer.subscribe(allGateways('report'));
    return lab;
  }

  /** Told of each report from now on, in place of whoever was before. */
  onReport(listener: (report: Report) => void): void {
    this.#listener = listener;
  }

  /** Starts the gateway's process, with more in its environment and for Node if given; resolves when it says that it runs. */
  async startGateway(env: Readonly<Record<string, string>> = {}, node: readonly string[] = []): Promise<void> {
    const config = join(this.folder, 'gateway.yaml');
    const child = spawn(process.execPath, [...node, 'dist/hearthgate.mjs', 'gateway', 'run', '--config', config], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    this.#gateway = child;
    let said = '';
    child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
    await new Promise<void>((done, failed) => {
      child.stdout.once('data', () => done());
      child.once('exit', (code) => failed(new Error(`the gateway ended with ${code}: ${said}`)));
    });
  }

  /** Sends a signal to the gateway's process. */
  signal(signal: NodeJS.Signals): void {
    this.#gateway?.kill(signal);
  }

  /** Ends the gateway's process; resolves with its exit code, null after SIGKILL. */
  async endGateway(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#gateway;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
    child.kill(signal);
    return ended;
  }

  /** The Lead Supplier orders the second firmware. */
  async order(): Promise<IntakeAnswer> {
    const { key, signer } = await loadSigningKey(join(this.folder, 'keys/lead.key'), 'lab', ['import-supplier']);
    const image = new Uint8Array(await readFile(join(this.folder, 'images/ppmid-v2.ota')));
    const user = new User(
      new MqttBroker({ url: this.#broker, clientId: 'lead' }, { entropy: new SystemEntropy(), log: silent }),
      signer.party,
    );
    await user.start();
    const now = Math.floor(Date.now() / 1000);
    const request = orderUpdate({
      originator: signer.party,
      target: EUI.ppmid,
      gateway: EUI.gateway,
      counter: 1n,
      image,
      firmwareVersion: VERSION.v2,
      now,
      purpose: 'killed on the way',
      environment: 'lab',
    });
    try {
      return await user.submit(signRequest(request, key), image);
    } finally {
      await user.stop();
    }
  }

  async stop(): Promise<void> {
    await this.endGateway('SIGKILL');
    await this.#observer.close();
    await this.#s1sp.stop();
    await this.home.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
