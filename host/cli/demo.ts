/** `demo`: the whole way once, from a Supplier's signature to new firmware on a PPMID, and the requests that must be refused. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { pcapHeader, pcapRecord } from '../capture/writer.ts';
import type { StoryEvent } from '../compose/story.ts';
import { Fault } from '../model/fault.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { number, text } from './option.ts';
import type { Options, Program } from './program.ts';
import { StoryText } from './story-text.ts';

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'demo',
    summary: 'Puts new firmware on a virtual PPMID over MQTT and ZigBee, and shows what is refused.',
    examples: ['hearthgate demo', 'hearthgate demo --json --pcap air.pcap', 'hearthgate demo --broker mqtt://127.0.0.1:1883 --realtime'],
    codes: ['Code 0: every step came out as told. Code 1: at least one did not.'],
    options: (command) => {
      command.option('--broker <url>', 'use this MQTT broker instead of an embedded one');
      command.option('--data <folder>', 'leave the stores of gateway and S1SP there, for audit, explain and policy');
      command.option('--realtime', 'run the air at its true 250 kbit/s instead of simulated time', false);
      command.option('--pcap <file>', "write the air's traffic (link type 195); with --json one event then names the keys");
      command.option('--seed <number>', 'seed of backoffs and losses on the air', '1');
      command.option('--loss <percent>', 'share of frames that the air loses', '0');
    },
    action: demo,
  });
}

async function demo(io: Io, options: Options): Promise<ExitCode> {
  const { runDemo } = await import('../compose/demo.ts');
  const pcap = text(options, 'pcap');
  const story = new StoryText(io);
  const tell = (event: StoryEvent): void => (options.json ? io.out(JSON.stringify(event)) : story.tell(event));
  const file = pcap === undefined ? undefined : openPcap(pcap);
  try {
    const ok = await runDemo({
      broker: text(options, 'broker'),
      data: text(options, 'data'),
      realtime: options['realtime'] === true,
      seed: number(options, 'seed', 0, 0xffffffff) ?? 1,
      loss: (number(options, 'loss', 0, 90) ?? 0) / 100,
      tellKeys: options.json && file !== undefined,
      onTraffic: file === undefined ? undefined : (psdu, time) => writeSync(file, pcapRecord(psdu, time)),
      stop: io.interrupted,
      tell,
    });
    if (io.interrupted.aborted) return EXIT.interrupted;
    return ok ? EXIT.done : EXIT.refused;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function openPcap(path: string): number {
  try {
    const file = openSync(path, 'w');
    writeSync(file, pcapHeader());
    return file;
  } catch (cause) {
    throw new Fault('input', `${path}: cannot be written: ${(cause as Error).message}`, { cause });
  }
}
