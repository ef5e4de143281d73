/** `home run`: a virtual home behind a TCP port, for a gateway in a process of its own. */
import { parseListen } from '../compose/locators.ts';
import { Fault } from '../model/fault.ts';
import { number, required, text } from './option.ts';
import type { Program } from './program.ts';
import { serve } from './service.ts';

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'home run',
    summary: 'Runs a virtual home (PPMID and ESME) in real time; a gateway connects with radio: tcp://HOST:PORT.',
    examples: ['hearthgate home run --listen 127.0.0.1:9000', 'hearthgate home run --listen 127.0.0.1:0 --json'],
    codes: ['Code 0: stopped when asked to.'],
    options: (command) => {
      command.requiredOption('--listen <host:port>', 'where the radio is served; port 0 takes a free one');
      command.option('--install-codes <file>', "the devices' install codes, as in a gateway's configuration; lab codes otherwise");
      command.option('--channel <number>', 'channel of the home, 11 to 26', '15');
      command.option('--seed <number>', 'seed of backoffs and losses on the air', '1');
      command.option('--loss <percent>', 'share of frames that the air loses', '0');
      command.option('--verbose', 'log what the devices do', false);
    },
    async action(io, options) {
      const [{ loadInstallCodes }, { runHome }] = await Promise.all([import('../compose/load.ts'), import('../compose/run-home.ts')]);
      const file = text(options, 'installCodes');
      const installCodes = file === undefined ? undefined : await loadInstallCodes(file);
      const channel = number(options, 'channel', 11, 26) ?? 15;
      const seed = number(options, 'seed', 0, 0xffffffff) ?? 1;
      const loss = (number(options, 'loss', 0, 90) ?? 0) / 100;
      const listen = listenOf(required(options, 'listen'));
      return serve(io, options.json, options['verbose'] === true ? 'info' : 'warn', async (log) => {
        const home = await runHome({ listen, seed, loss, channel, installCodes, log });
        return {
          text: `virtual home: radio at ${home.url}`,
          json: { event: 'running', radio: home.url, channel },
          stop: () => home.stop(),
        };
      });
    },
  });
}

function listenOf(value: string): ReturnType<typeof parseListen> {
  try {
    return parseListen(value);
  } catch (cause) {
    throw new Fault('config', `--listen ${value} ${(cause as Error).message}`, { cause });
  }
}
