import { closeCodes } from '../../live/close-codes.ts';
import { type FrameRate, RateJudge } from '../../live/frame-rate.ts';
import type { ClientMessage, ServerMessage } from '../../live/wire.ts';
import { keepChosenRate, readChosenRate } from './chosen-rate.ts';
import type { LiveStore } from './live-store.ts';
import { renewSession } from './renew-session.ts';

const backOffMs = [250, 500, 1_000, 2_000, 4_000] as const;

/** Keeps the one connection of a window: frames in, an acknowledgement once they are painted, and back after a loss. */
export class LiveSocket {
  private readonly store: LiveStore;
  private readonly url: string;
  private readonly judge = new RateJudge(readChosenRate());
  private socket: WebSocket | null = null;
  private watchdog: Worker | null = null;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private tries = 0;
  private isPainting = false;
  private animationFrame: number | null = null;
  private painted: number | null = null;
  private isOver = false;

  constructor(store: LiveStore, url: string) {
    this.store = store;
    this.url = url;
  }

  /** Connects, and stays connected until {@link stop}. */
  start(): void {
    const { store } = this;
    this.isOver = false;
    store.onDirty = () => this.schedule();
    store.onWant = (keys) => this.send({ kind: 'want', keys });
    store.onRate = (hz) => this.choose(hz);
    store.setRate(this.judge.state);
    document.addEventListener('visibilitychange', this.onVisibility);
    // A worker's timer keeps its pace in a hidden tab, so that a dead engine is noticed there too.
    this.watchdog = new Worker(new URL('./watchdog.worker.ts', import.meta.url), {
      type: 'module',
    });
    this.watchdog.addEventListener('message', () => store.judge(performance.now()));
    this.connect();
  }

  /** Ends the connection for good. */
  stop(): void {
    this.isOver = true;
    document.removeEventListener('visibilitychange', this.onVisibility);
    if (this.retry) clearTimeout(this.retry);
    this.watchdog?.terminate();
    this.socket?.close();
  }

  private readonly onVisibility = (): void => {
    this.tellTab();
    // The frame that was asked for does not come before the window is seen again, and the server waits for a word.
    if (document.hidden && this.animationFrame !== null) {
      cancelAnimationFrame(this.animationFrame);
      this.paint();
    }
  };

  private tellTab(): void {
    this.send({ kind: 'tab', hidden: document.hidden, hz: this.judge.state.hz });
  }

  private choose(hz: FrameRate): void {
    keepChosenRate(hz);
    this.judge.choose(hz);
    this.rateChanged();
  }

  private rateChanged(): void {
    this.store.setRate(this.judge.state);
    this.tellTab();
  }

  private connect(): void {
    const { store } = this;
    this.retry = null;
    store.connecting(performance.now());
    const socket = new WebSocket(this.url);
    this.socket = socket;
    socket.addEventListener('open', () => {
      const { run, lastSeq, wantedKeys: keys } = store;
      const { hz } = this.judge.state;
      this.send({ kind: 'hello', run, lastSeq, keys, hidden: document.hidden, hz });
    });
    socket.addEventListener('message', ({ data }) =>
      this.take(JSON.parse(String(data)) as ServerMessage),
    );
    socket.addEventListener('close', ({ code }) => {
      if (this.socket !== socket || this.isOver) return;
      // The page says what there is instead.
      if (code === closeCodes.noInstrument) {
        window.location.reload();
        return;
      }
      store.closed(performance.now(), code);
      this.retryLater();
    });
  }

  /** Connects again once the server answers; until then it is asked again and again, ever less often. */
  private async comeBack(): Promise<void> {
    const isThere = await renewSession();
    if (this.isOver) return;
    if (isThere) this.connect();
    else this.retryLater();
  }

  private retryLater(): void {
    const wait = backOffMs[Math.min(this.tries, backOffMs.length - 1)] ?? 4_000;
    this.tries += 1;
    // Several windows do not come back in the same instant.
    const waitMs = wait * (0.75 + Math.random() / 2);
    const now = performance.now();
    this.store.waiting(now + waitMs, now);
    this.retry = setTimeout(() => void this.comeBack(), waitMs);
  }

  private take(message: ServerMessage): void {
    const { store } = this;
    const now = performance.now();
    if (message.kind === 'hello') {
      this.tries = 0;
      store.takeHello(message, now);
    } else if (message.kind === 'beat') store.takeBeat(message, now);
    else {
      const { isWhole } = store.takeFrame(message, now);
      this.painted = message.n;
      if (!isWhole) this.socket?.close();
      else this.schedule();
    }
  }

  /** One painting for everything that came meanwhile; the server is told after it. */
  private schedule(): void {
    if (this.isPainting) return;
    this.isPainting = true;
    // A hidden tab paints nothing and is called back by no frame, and its timers come late.
    if (document.hidden) queueMicrotask(() => this.paint());
    else
      this.animationFrame = requestAnimationFrame((begunAt) => {
        this.paint();
        requestAnimationFrame((now) => this.noteFrame(now, now - begunAt));
      });
  }

  private paint(): void {
    this.animationFrame = null;
    this.store.flush();
    this.isPainting = false;
    const { painted } = this;
    this.painted = null;
    if (painted === null) return;
    const tell = (): void => this.send({ kind: 'ack', n: painted });
    // A message to oneself comes after the browser has painted.
    if (document.hidden) tell();
    else setTimeout(tell);
  }

  /** Judges by the frames in which something was painted: a loop of its own for it would be work for nothing. */
  private noteFrame(now: number, ms: number): void {
    if (!document.hidden && this.judge.note(now, ms)) this.rateChanged();
  }

  private send(message: ClientMessage): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }
}
