/** Options of the bench's verbs about the radio and what is behind it. */
import type { Command } from 'commander';
import type { BenchRadio } from '../compose/bench-device.ts';
import type { CertificateMaterial } from '../core/cbke.ts';
import { Fault } from '../model/fault.ts';
import type { Eui64 } from '../model/ids.ts';
import type { ImageTrustStore } from '../stores/image-trust.ts';
import { gather, trustOf, trustOptions } from './image-trust.ts';
import { number, required, text } from './option.ts';
import type { Options } from './program.ts';

/** What `--radio` says, which a verb adds itself: one needs it, another has the air as its default. */
export const RADIO = ['--radio <radio>', '"air": virtual devices; tcp://host:port or serial:///dev/…: an RCP and real ones'] as const;

/** Adds the other options to a verb. */
export function radioOptions(command: Command): void {
  command.option('--install-codes <file>', 'install codes by device, which stay off the command line');
  command.option<readonly string[]>('--certificate <file>', "the bench's certificate, of the devices' authority", gather, []);
  command.option('--join-within <seconds>', 'how long devices may take to join; 60 on the air, 600 behind a radio');
  command.option('--channel <number>', 'channel, 11 to 26', '15');
  command.option('--realtime', 'run the air at its true 250 kbit/s', false);
  command.option('--seed <number>', 'seed of backoffs and losses on the air', '1');
  command.option('--loss <percent>', 'share of frames that the air loses', '0');
  trustOptions(command);
}

/** What those options say. */
export interface RadioChoice {
  readonly radio: BenchRadio;
  readonly channel: number;
  readonly certificates: readonly CertificateMaterial[];
  readonly installCodes: ReadonlyMap<Eui64, Uint8Array>;
  readonly joinWithin: number | undefined;
  readonly trust: ImageTrustStore;
}

/** Reads the options. Throws Fault `config`, naming the option or the file. */
export async function radioChoice(options: Options): Promise<RadioChoice> {
  const [{ loadCertificate }, { loadInstallCodes }, { benchTrust }] = await Promise.all([
    import('../compose/certificates.ts'),
    import('../compose/load.ts'),
    import('../compose/bench-trust.ts'),
  ]);
  const codes = text(options, 'installCodes');
  return {
    radio: await radioOf(options),
    channel: number(options, 'channel', 11, 26) ?? 15,
    joinWithin: number(options, 'joinWithin', 1, 86_400),
    certificates: await Promise.all((options['certificate'] as readonly string[]).map((path) => loadCertificate(path))),
    installCodes: codes === undefined ? new Map() : await loadInstallCodes(codes),
    trust: await benchTrust(await trustOf(options, curves)),
  };
}

async function curves() {
  const [{ Core }, { loadModule }] = await Promise.all([import('../core/core.ts'), import('../compose/gateway.ts')]);
  return (await Core.load(await loadModule('core.wasm'))).curves;
}

async function radioOf(options: Options): Promise<BenchRadio> {
  const given = required(options, 'radio');
  if (given === 'air') {
    const seed = number(options, 'seed', 0, 0xffffffff) ?? 1;
    return { kind: 'air', realtime: options['realtime'] === true, seed, loss: (number(options, 'loss', 0, 90) ?? 0) / 100 };
  }
  const { parseRadio } = await import('../compose/locators.ts');
  try {
    return parseRadio(given);
  } catch (cause) {
    throw new Fault('config', `--radio ${given} is neither "air" nor a radio: it ${(cause as Error).message}`, { cause });
  }
}
