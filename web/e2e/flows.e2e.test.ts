import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdUntilAll } from './at-once.ts';
import { flowText, writeDeskFlow } from './desk-flow.ts';
import { hasBrowser, openBrowser, openPage, type StartedApp, startApp } from './start-app.ts';

const isTried = hasBrowser();

let app: StartedApp;
let browser: Browser;
let folder: string;
let file: string;

const onDisk = (): string => readFileSync(file, 'utf8');

async function open(path: string, viewport = { width: 1440, height: 900 }) {
  const context = await browser.newContext({ viewport });
  return openPage(context, `${app.url}${path}`);
}

async function openEditor() {
  const opened = await open('/flows/desk');
  await opened.page.locator('.cm-content').waitFor({ timeout: 20_000 });
  await opened.page.locator('.react-flow__node').first().waitFor({ timeout: 20_000 });
  return opened;
}

/** The whole text of the editor. */
async function textOf(page: Page): Promise<string> {
  return (await page.locator('.cm-line').allInnerTexts())
    .map((line) => line.replace(/\n$/, ''))
    .join('\n');
}

/** Puts the cursor at the end of the line that holds a text. */
async function cursorAfter(page: Page, text: string): Promise<void> {
  await page.locator('.cm-line', { hasText: text }).first().click();
  await page.keyboard.press('End');
}

const validity = (page: Page, words: RegExp): Promise<void> =>
  page.locator('[data-testid="validity"]', { hasText: words }).waitFor({ timeout: 15_000 });

describe.runIf(isTried)('flows in a browser', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'orderflow-flows-'));
    file = join(folder, 'desk.flow.yaml');
    writeDeskFlow(folder);
    app = await startApp([file]);
    browser = await openBrowser();
  }, 180_000);

  afterAll(async () => {
    await browser.close();
    await app.end('SIGINT');
    app.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows text, graph and form of the same flow, each chosen by the others', async () => {
    const { page, problems } = await openEditor();
    await page.locator('.react-flow__node', { hasText: 'profile' }).first().click();
    await page.locator('.node-form legend', { hasText: 'profile' }).waitFor();
    await cursorAfter(page, 'use: composite-value-area');
    await page.locator('.node-form legend', { hasText: 'cva' }).waitFor();
    await page.locator('.flow-node.is-chosen', { hasText: 'cva' }).waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('a form edit changes exactly one line, and one undo takes it back', async () => {
    const { page } = await openEditor();
    await page.locator('.react-flow__node', { hasText: 'profile' }).first().click();
    const field = page.getByLabel('valueAreaFraction', { exact: true });
    await field.fill('0.68');
    await field.press('Enter');
    await page.locator('[data-testid="dirty"]').waitFor();
    const [before, after] = [flowText.split('\n'), (await textOf(page)).split('\n')];
    const changed = after.filter((line, i) => line !== before[i]);
    expect(after).toHaveLength(before.length);
    expect(changed).toEqual(['      valueAreaFraction: 0.68   # a share']);
    await page.locator('.cm-content').focus();
    await page.keyboard.press('Control+z');
    await expect.poll(() => textOf(page)).toBe(flowText);
    await page.context().close();
  });

  it('keeps the last graph while the text is broken, and mends what it can by a button', async () => {
    const { page } = await openEditor();
    const nodes = await page.locator('.react-flow__node').count();
    await cursorAfter(page, '# where value is');
    await page.keyboard.type('\n  broken: [');
    await page
      .locator('[data-testid="graph-note"]', { hasText: /before the error in line/ })
      .waitFor();
    expect(await page.locator('.react-flow__node').count()).toBe(nodes);
    await page.locator('.react-flow__node', { hasText: 'session' }).first().click();
    await page.locator('fieldset.node-form[disabled]', { hasText: 'not YAML' }).waitFor();
    await page.locator('.cm-content').focus();
    for (let i = 0; i < 14; i += 1) await page.keyboard.press('Control+z');
    await validity(page, /^.*valid/);
    await page.locator('[data-testid="graph-note"]').waitFor({ state: 'detached' });

    await cursorAfter(page, 'completed: profile.completed');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Backspace');
    await page.locator('[data-testid="problems"]', { hasText: 'WF001' }).waitFor();
    await page.getByRole('button', { name: 'write profile.completed' }).click();
    await validity(page, /^.*valid/);
    expect(await textOf(page)).toContain('completed: profile.completed }');
    await page.evaluate(() => localStorage.clear());
    await page.context().close();
  });

  it('is edited, mended and saved by keys alone', async () => {
    const { page } = await openEditor();
    const pressed = async (name: RegExp, key: string): Promise<void> => {
      const button = page.getByRole('button', { name });
      await button.focus();
      await page.keyboard.press(key);
    };
    // A node is chosen in the graph, its field changed in the form.
    await page.locator('.react-flow__node', { hasText: 'profile' }).first().focus();
    await page.keyboard.press('Enter');
    await page.locator('.node-form legend', { hasText: 'profile' }).waitFor();
    await page.getByLabel('valueAreaFraction', { exact: true }).focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('0.68');
    await page.keyboard.press('Enter');
    await validity(page, /^.*valid/);
    // A mistake is typed, found in the list, and mended by its button.
    await page.locator('.cm-content').focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(
      '  second: { use: composite-value-area@^9, in: { completed: profile.completed } }',
    );
    await pressed(/^write composite-value-area@/, 'Enter');
    await validity(page, /^.*valid/);
    await page.locator('.cm-content').focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('third: { use: composite-value-area@^1');
    await page.keyboard.press('Escape');
    await page.keyboard.press('End');
    await page.keyboard.type(' }');
    await pressed(/^wire completed to profile\.completed$/, ' ');
    await validity(page, /^.*valid/);
    await pressed(/^Save file$/, 'Enter');
    await page.locator('.editor-bar', { hasText: 'saved as version' }).waitFor();
    const saved = onDisk();
    expect(saved).toContain('valueAreaFraction: 0.68   # a share');
    expect(saved).toMatch(/second: \{ use: composite-value-area@\^\d+\.\d+\.\d+, in:/);
    expect(saved).toContain(
      'third: { use: composite-value-area@^1, in: { completed: profile.completed } }',
    );
    writeFileSync(file, flowText);
    await page.context().close();
  });

  it('has one history for text, form, fixes and versions', async () => {
    const { page } = await openEditor();
    const step = async (act: () => Promise<void>): Promise<string> => {
      const before = await textOf(page);
      await act();
      await expect.poll(() => textOf(page)).not.toBe(before);
      return before;
    };
    const states = [
      await step(async () => {
        await page.locator('.react-flow__node', { hasText: 'profile' }).first().click();
        const field = page.getByLabel('valueAreaFraction', { exact: true });
        await field.fill('0.69');
        await field.press('Enter');
      }),
      await step(async () => {
        await cursorAfter(page, 'completed: profile.completed');
        await page.keyboard.press('ArrowLeft');
        await page.keyboard.press('ArrowLeft');
        await page.keyboard.press('Backspace');
      }),
      await step(() => page.getByRole('button', { name: 'write profile.completed' }).click()),
      await step(() => page.getByRole('button', { name: 'Discard draft' }).click()),
    ];
    expect(await textOf(page)).toBe(flowText);
    await page.locator('.cm-content').focus();
    for (const state of states.reverse()) {
      await page.keyboard.press('Control+z');
      await expect.poll(() => textOf(page)).toBe(state);
    }
    expect(await textOf(page)).toBe(flowText);
    await page.keyboard.press('Control+y');
    await expect.poll(() => textOf(page)).toContain('0.69');
    await page.context().close();
  });

  it('moves nodes by pointer, keys and buttons without changing the flow', async () => {
    const layoutFile = join(folder, 'desk.layout.json');
    const { page } = await openEditor();
    const node = page.locator('.react-flow__node', { hasText: 'cva' }).first();
    const places = (): Record<string, { x: number; y: number }> =>
      existsSync(layoutFile)
        ? (JSON.parse(readFileSync(layoutFile, 'utf8')) as { nodes: never }).nodes
        : {};
    await node.click();
    await page.getByRole('button', { name: 'Move cva right' }).click();
    await expect.poll(() => places()['cva']).toBeDefined();
    const first = places()['cva']!;
    await page.getByRole('button', { name: 'Move cva right' }).click();
    await expect.poll(() => places()['cva']?.x).toBe(first.x + 20);
    await node.focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => places()['cva']?.y ?? 0).toBeGreaterThan(first.y);
    const box = (await page.locator('.react-flow__node', { hasText: 'session' }).boundingBox())!;
    await page.mouse.move(box.x + 20, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + 60, box.y + 50, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => Object.keys(places()).sort()).toEqual(['cva', 'session']);
    expect(await page.locator('[data-testid="dirty"]').count()).toBe(0);
    expect(onDisk()).toBe(flowText);

    const { x: left } = (await node.boundingBox())!;
    await page.reload();
    await node.waitFor({ timeout: 20_000 });
    await expect
      .poll(async () => Math.abs(((await node.boundingBox())?.x ?? 0) - left))
      .toBeLessThan(60);
    await page.getByRole('button', { name: 'Automatic places' }).click();
    await expect.poll(() => existsSync(layoutFile)).toBe(false);
    await page.context().close();
  });

  it('keeps the drafts of two windows apart and lets one choose', async () => {
    const { page } = await openEditor();
    const context = page.context();
    const other = await context.newPage();
    await other.goto(`${app.url}/flows/desk`);
    await other.locator('.cm-content').waitFor({ timeout: 20_000 });
    await cursorAfter(page, 'doc: Enough to be edited.');
    await page.keyboard.type(' First.');
    const notice = other.locator('[data-testid="other-draft"]');
    await notice.waitFor();
    await cursorAfter(other, 'doc: Enough to be edited.');
    await other.keyboard.type(' Second.');
    await page.locator('[data-testid="other-draft"]').waitFor();
    expect(await textOf(page)).toContain('edited. First.');
    await notice.getByRole('button', { name: /^Take that draft/ }).click();
    await expect.poll(() => textOf(other)).toContain('edited. First.');
    await other.locator('.cm-content').focus();
    await other.keyboard.press('Control+z');
    await expect.poll(() => textOf(other)).toContain('edited. Second.');
    // A window that is closed leaves its text to the next one.
    await other.close();
    await page.reload();
    await page.locator('.cm-content').waitFor({ timeout: 20_000 });
    expect(await textOf(page)).toContain('edited. First.');
    await page.locator('[data-testid="other-draft"]').waitFor();
    await context.close();
  });

  it('offers what may stand at the cursor', async () => {
    const { page } = await openEditor();
    await cursorAfter(page, 'use: composite-value-area');
    await page.keyboard.press('Enter');
    await page.keyboard.type('with: { ');
    await page.keyboard.press('Control+Space');
    await page.locator('.cm-tooltip-autocomplete', { hasText: 'valueAreaFraction' }).waitFor();
    await page.context().close();
  });

  it('tells of a file that changed on disk and loses neither text', async () => {
    const { page } = await openEditor();
    await cursorAfter(page, 'doc: Enough to be edited.');
    await page.keyboard.type(' Mine.');
    const theirs = flowText.replace('# a flow of three nodes', '# changed by somebody else');
    writeFileSync(file, theirs);
    try {
      await page.getByRole('button', { name: 'Save file' }).click();
      await page.locator('.editor-bar', { hasText: 'was changed by somebody else' }).waitFor();
      expect(onDisk()).toBe(theirs);
      await page.locator('[data-testid="conflict"]').waitFor();
      expect(await textOf(page)).toContain('Mine.');
      // The same while deploying; then the draft goes on top of the file, and the difference is shown.
      await page.getByRole('button', { name: 'Deploy…' }).click();
      const deploy = page.getByRole('button', { name: 'Deploy', exact: true });
      await expect.poll(() => deploy.isEnabled(), { timeout: 20_000 }).toBe(true);
      await deploy.click();
      await page
        .locator('[data-testid="deploy"]', { hasText: 'was changed by somebody else' })
        .waitFor();
      expect(onDisk()).toBe(theirs);
      const notice = page.locator('[data-testid="conflict"]');
      await notice.getByRole('button', { name: 'Show the difference' }).click();
      await notice
        .locator('.cm-content', { hasText: 'changed by somebody else' })
        .first()
        .waitFor();
      await notice.getByRole('button', { name: /^Keep the draft/ }).click();
      await notice.waitFor({ state: 'detached' });
      expect(await textOf(page)).toContain('Mine.');
    } finally {
      writeFileSync(file, flowText);
      await page.evaluate(() => localStorage.clear());
      await page.context().close();
    }
  });

  it('deploys into the run with the state of untouched nodes, and goes back', async () => {
    const { page, problems } = await openEditor();
    const trades = async (): Promise<number> => {
      const health = (await (await fetch(`${app.url}/api/topics`)).json()) as {
        topics: { topic: string; ends: Record<string, number> }[];
      };
      return health.topics.find(({ topic }) => topic === 'market.data')?.ends['ES'] ?? 0;
    };
    const before = await trades();
    await page.locator('.react-flow__node', { hasText: 'cva' }).first().click();
    const field = page.getByLabel('sessions', { exact: true });
    await field.fill('4');
    await field.press('Enter');
    await validity(page, /^.*valid/);
    await page.getByRole('button', { name: 'Deploy…' }).click();
    const plan = page.locator('[data-testid="deploy-plan"]');
    await plan.locator('tr', { hasText: 'cva' }).filter({ hasText: 'sessions 5 → 4' }).waitFor();
    await plan.locator('summary').click();
    await plan
      .locator('tr', { hasText: 'profile' })
      .filter({ hasText: 'keeps its state' })
      .waitFor();
    await page.getByRole('button', { name: 'Run its tests' }).click();
    await page
      .locator('[data-testid="test-result"]', { hasText: '1 passed, 0 failed' })
      .waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();
    await page
      .locator('.editor-bar', { hasText: 'deployed as version' })
      .waitFor({ timeout: 30_000 });
    expect(onDisk()).toContain('with: { sessions: 4 }');
    const record = (await (
      await fetch(`${app.url}/api/topics?topic=desk.deployments&instrument=ES`)
    ).json()) as { records: { text: string }[] };
    expect(record.records[0]?.text).toContain('"node":"profile","fate":"kept"');
    await expect.poll(trades, { timeout: 10_000 }).toBeGreaterThan(before);

    await page.getByRole('button', { name: /Go back to 1/ }).click();
    await page.locator('[data-testid="deploy"]').waitFor();
    const button = page.getByRole('button', { name: 'Deploy', exact: true });
    await expect.poll(() => button.isEnabled(), { timeout: 20_000 }).toBe(true);
    await button.click();
    await page
      .locator('[data-testid="versions"]', { hasText: 'rolled back' })
      .waitFor({ timeout: 30_000 });
    expect(onDisk()).toBe(flowText);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('deploys one of two texts that are sent at once, and loses the text of neither window', async () => {
    const pages = [(await openEditor()).page, (await openEditor()).page];
    const answers = await holdUntilAll(pages, '/api/flows', (body) => body.includes('"deploy"'));
    for (const [i, page] of pages.entries()) {
      await cursorAfter(page, 'doc: Enough to be edited.');
      await page.keyboard.type(` Of window ${i}.`);
      await page.getByRole('button', { name: 'Deploy…' }).click();
      const deploy = page.getByRole('button', { name: 'Deploy', exact: true });
      await expect.poll(() => deploy.isEnabled(), { timeout: 20_000 }).toBe(true);
      await deploy.click();
    }
    const said = await Promise.all((await answers()).map((answer) => answer.json()));
    const winner = said.findIndex(({ ok }) => ok);
    expect(said.filter(({ ok }) => ok)).toHaveLength(1);
    expect(onDisk()).toContain(`Of window ${winner}.`);
    const [first, second] = [pages[winner] as Page, pages[1 - winner] as Page];
    await first.locator('.editor-bar', { hasText: 'deployed as version' }).waitFor();
    const told = /changed by somebody else|a deployment is on its way/;
    await second.getByTestId('deploy').getByText(told).waitFor();
    await second.getByRole('button', { name: 'Back to the editor' }).click();
    expect(await textOf(second)).toContain(`Of window ${1 - winner}.`);
    for (const page of pages) await page.context().close();
  });
});
