/** The page as a person sees it: in a real browser, without the internet. Skips where no Chromium is installed. */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { ask, startProcess, withFolder } from '../support/server.js';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const RECORD = `mutation ($input: RecordInteractionsInput!) { recordInteractions(input: $input) { accepted } }`;

const maybe = CHROMIUM === undefined ? it.skip : it;
const reason = CHROMIUM === undefined ? ' (skipped: no Chromium is installed)' : '';

maybe(`shows the documented operations in tabs and answers the first, asking nobody else${reason}`, async () => {
  await withFolder(async (folder) => {
    const server = await startProcess(folder);
    const interactions = [
      { userId: 'reader-1', itemId: 'article-1' },
      { userId: 'reader-2', itemId: 'article-2' },
    ];
    await ask(server.url, RECORD, { input: { interactions } });
    const browser = await chromium.launch({
      executablePath: CHROMIUM!,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    try {
      const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
      const elsewhere: string[] = [];
      const problems: string[] = [];
      page.on('request', (request) => {
        if (!request.url().startsWith(server.url) && !request.url().startsWith('data:')) elsewhere.push(request.url());
      });
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('console', (message) => {
        if (message.text().includes('Content Security Policy')) problems.push(message.text());
      });
      await page.goto(`${server.url}/`);
      await page.waitForSelector('.graphiql-execute-button');
      await page.click('.graphiql-execute-button');
      await page.waitForSelector('.result-window:has-text("recommendationId")');
      const answer = (await page.textContent('.result-window'))!;
      expect(answer).toContain('article-');
      expect(answer).not.toContain('"errors"');
      expect(await page.locator('.graphiql-tab').count()).toBeGreaterThan(8);
      expect(elsewhere).toEqual([]);
      expect(problems).toEqual([]);
      const { SCREENSHOT } = process.env;
      if (SCREENSHOT !== undefined) await page.screenshot({ path: SCREENSHOT });
    } finally {
      await browser.close();
      await server.kill('SIGTERM');
    }
  });
});
