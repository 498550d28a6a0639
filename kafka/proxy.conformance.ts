import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a broker that a test can cut. */
export class Proxy {
  readonly port: number;
  readonly #to: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #isSilent = false;

  constructor(port: number, to: number) {
    this.port = port;
    this.#to = to;
  }

  /** Lets connections through. */
  open(): Promise<void> {
    this.#isSilent = false;
    const server = createServer((client) => this.#join(client));
    this.#server = server;
    return new Promise((resolve) => {
      server.listen(this.port, '127.0.0.1', () => resolve());
    });
  }

  /** Ends every connection and takes no new one. */
  cut(): void {
    this.#server?.close();
    this.#server = null;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Swallows everything from now on, as a network does that has lost a cable; `cut` ends it. */
  silence(): void {
    this.#isSilent = true;
  }

  #join(client: Socket): void {
    const broker = connect(this.#to, '127.0.0.1');
    for (const [from, to] of [
      [client, broker],
      [broker, client],
    ] as const) {
      this.#sockets.add(from);
      from.on('data', (chunk) => {
        if (!this.#isSilent) to.write(chunk);
      });
      from.on('error', () => {});
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }
}
