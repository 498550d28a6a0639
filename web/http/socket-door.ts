/** Windows of one address at once: several screens full of them. */
const mostOfAddress = 40;
const mostInAll = 200;

/** Counts the windows that are connected, so that nobody fills the server with them. */
export class SocketDoor {
  private readonly counts = new Map<string, number>();
  private all = 0;

  /** Lets a window of an address in; returns how it leaves, null when there are too many. */
  enter(address: string): (() => void) | null {
    const own = this.counts.get(address) ?? 0;
    if (own >= mostOfAddress || this.all >= mostInAll) return null;
    this.counts.set(address, own + 1);
    this.all += 1;
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.all -= 1;
      const left = (this.counts.get(address) ?? 1) - 1;
      if (left > 0) this.counts.set(address, left);
      else this.counts.delete(address);
    };
  }
}
