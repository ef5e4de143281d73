import { describe, expect, test } from 'vitest';
import { ZCL } from '../../../host/core/control.ts';
import { GlobalCommand } from '../../../host/clusters/foundation.ts';
import type { Frame } from '../../../host/model/frame.ts';
import { settle } from '../../kit/clock.ts';
import { DEVICE, HanBench } from './bench.ts';

const CLUSTER = 0x0019;
const READ = {
  cluster: CLUSTER,
  control: ZCL.FROM_SERVER | ZCL.NO_DEFAULT_RESPONSE,
  command: GlobalCommand.READ_ATTRIBUTES,
  payload: Uint8Array.of(2, 0),
};

async function asking(): Promise<{ bench: HanBench; answer: { value?: Frame | undefined; done: boolean } }> {
  const bench = await HanBench.start();
  const answer: { value?: Frame | undefined; done: boolean } = { done: false };
  void bench.zcl.request(bench.trust.peer(DEVICE)!, READ).then((value) => Object.assign(answer, { value, done: true }));
  await settle();
  return { bench, answer };
}
const respond = (bench: HanBench, seq: number, command: number = GlobalCommand.READ_ATTRIBUTES_RESPONSE): Promise<readonly Frame[]> =>
  bench.command(CLUSTER, command, Uint8Array.of(2, 0, 0, 0x23, 1, 0, 0, 0), ZCL.PROFILE_WIDE, seq);

describe('a request', () => {
  test('is answered by the response with its sequence number', async () => {
    const { bench, answer } = await asking();
    const [request] = bench.answers();
    await respond(bench, request!.zcl!.seq);
    expect(answer).toMatchObject({ done: true, value: { zcl: { command: GlobalCommand.READ_ATTRIBUTES_RESPONSE } } });
  });

  test('is not answered by another sequence number, another cluster or another command', async () => {
    const { bench, answer } = await asking();
    const seq = bench.answers()[0]!.zcl!.seq;
    await respond(bench, (seq + 1) & 0xff);
    await bench.command(0x0702, GlobalCommand.READ_ATTRIBUTES_RESPONSE, Uint8Array.of(0), ZCL.PROFILE_WIDE, seq);
    await respond(bench, seq, GlobalCommand.REPORT_ATTRIBUTES);
    expect(answer.done).toBe(false);
    await respond(bench, seq);
    expect(answer.done).toBe(true);
  });

  test('that gets no answer is sent three times, each with a new sequence number, and then given up', async () => {
    const { bench, answer } = await asking();
    await bench.clock.advance(2_999);
    expect(bench.radio.sent).toHaveLength(1);
    await bench.clock.advance(1);
    expect(bench.radio.sent).toHaveLength(2);
    await bench.clock.advance(6_000);
    expect(answer).toEqual({ done: true, value: undefined });
    expect(new Set(bench.answers().map(({ zcl }) => zcl!.seq)).size).toBe(3);
    expect(bench.clock.waiting).toBe(0);
  });

  test('takes the answer to its second try, and ignores the late one to its first', async () => {
    const { bench, answer } = await asking();
    const first = bench.answers()[0]!.zcl!.seq;
    await bench.clock.advance(3_000);
    await respond(bench, first);
    expect(answer.done).toBe(false);
    await respond(bench, (first + 1) & 0xff);
    expect(answer.done).toBe(true);
  });

  test('to a device that cannot do it ends with the default response', async () => {
    const { bench, answer } = await asking();
    await respond(bench, bench.answers()[0]!.zcl!.seq, GlobalCommand.DEFAULT_RESPONSE);
    expect(answer.value?.zcl?.command).toBe(GlobalCommand.DEFAULT_RESPONSE);
  });

  test('that cannot be sent rejects and waits for nothing', async () => {
    const bench = await HanBench.start({ reserve: () => Promise.reject(new Error('the disk is full')) });
    await expect(bench.zcl.request(bench.trust.peer(DEVICE)!, READ)).rejects.toThrow('the disk is full');
    expect(
      bench.zcl.settle({ zcl: { seq: 1, control: 0, command: 1 }, aps: { cluster: CLUSTER } } as Frame, bench.trust.peer(DEVICE)!),
    ).toBe(false);
  });
});

describe('a default response', () => {
  const asked = (control: number): Frame => ({ zcl: { control, seq: 9, command: 3 }, aps: { cluster: CLUSTER, srcEndpoint: 1 } }) as Frame;

  test('of success is left out when the request does without, of failure never [ZCL 2.5.12.2]', async () => {
    const bench = await HanBench.start();
    const peer = bench.trust.peer(DEVICE)!;
    await bench.zcl.answerDefault(peer, asked(ZCL.CLUSTER | ZCL.NO_DEFAULT_RESPONSE), 0);
    expect(bench.answers()).toEqual([]);
    await bench.zcl.answerDefault(peer, asked(ZCL.CLUSTER), 0);
    await bench.zcl.answerDefault(peer, asked(ZCL.CLUSTER | ZCL.NO_DEFAULT_RESPONSE), 0x81);
    expect(bench.answers().map(({ payload, zcl }) => [...payload, zcl?.seq, (zcl?.control ?? 0) & ZCL.FROM_SERVER])).toEqual([
      [3, 0, 9, ZCL.FROM_SERVER],
      [3, 0x81, 9, ZCL.FROM_SERVER],
    ]);
  });
});
