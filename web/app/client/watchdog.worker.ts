// Counts time apart from the page: a hidden tab slows the timers of its page down, not those of a worker.
const everyMs = 100;

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port has no origin
setInterval(() => self.postMessage(null), everyMs);
