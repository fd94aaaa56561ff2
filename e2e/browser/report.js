'use strict';
// Reads a report as a person does: on a desktop and on a phone, with the keyboard.
const { pathToFileURL } = require('url');
const { chromium } = require('playwright-core');
const { say, play } = require('../azure/stage');

// Chromium as root in a container, and without its own traffic.
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];

// how far the document, all of it unfolded or not, sticks out to the right
const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

// presses Tab until an element has the focus, or the page has been walked through
const tabTo = async (page, selector) => {
  for (let presses = 1; presses <= 200; presses++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((s) => document.activeElement.matches(s), selector)) return;
  }
  throw new Error(`Tab does not lead to ${selector}`);
};

// toggles a <details> by keyboard: is it open before, after Enter, and after Space?
const toggle = async (page, selector) => {
  await tabTo(page, `${selector} > summary`);
  const open = () => page.evaluate((s) => document.querySelector(s).open, selector);
  const states = [await open()];
  for (const key of ['Enter', 'Space']) {
    await page.keyboard.press(key);
    states.push(await open());
  }
  return states;
};

const read = async (browser, file, width) => {
  const context = await browser.newContext({ viewport: { width, height: 900 } });
  const page = await context.newPage();
  const complaints = [];
  const requests = [];
  page.on('console', (m) => { if (['error', 'warning'].includes(m.type())) complaints.push(m.text()); });
  page.on('pageerror', (err) => complaints.push(String(err)));
  page.on('request', (r) => { if (!r.url().startsWith('data:')) requests.push(r.url()); });
  const url = pathToFileURL(file).href;
  await page.goto(url);

  const title = await page.title();
  const folded = await overflow(page);
  const scenarios = await page.locator('details.scenario').evaluateAll((all) => all.map((d) => ({
    name: d.querySelector('summary h3').textContent.replace(/\s+/g, ' ').trim(), verdict: d.dataset.v, id: d.id,
    listed: [...document.querySelectorAll('nav a')].filter((a) => a.hash === '#' + d.id).length,
  })));
  const keyboard = await toggle(page, '#' + scenarios[0].id);
  await page.locator('#unfold').click();
  const log = page.locator('details.log:not([open]) > summary').first();
  while (await log.count() > 0) await log.click();
  const closed = await page.locator('details:not([open])').count();
  const unfolded = await overflow(page);
  const plots = await page.locator('details.scenario').evaluateAll((all) => all.map((d) => {
    const shown = [...d.querySelectorAll('figure svg')].filter((s) => s.getBoundingClientRect().width > 0);
    const width = document.documentElement.clientWidth;
    return {
      several: shown.length > 3,
      inside: shown.map((s) => s.getBoundingClientRect()).every((r) => r.left >= 0 && r.right <= width && r.width >= Math.min(300, width - 100)),
      drawn: shown.every((s) => s.getBBox().width > s.viewBox.baseVal.width / 2 && s.querySelectorAll('text').length > 1),
      told: shown.every((s) => s.getAttribute('role') === 'img' && s.getAttribute('aria-label').length > 10),
    };
  }));
  // Nothing is on top of anything else where headings are concerned.
  const headings = await page.locator('details.scenario > summary h3').evaluateAll((all) => all.every((h) => {
    h.scrollIntoView({ block: 'center' });
    const r = h.getBoundingClientRect();
    return h.contains(document.elementFromPoint(r.left + Math.min(20, r.width / 2), r.top + r.height / 2));
  }));
  say('page', {
    width, title, complaints, requests: requests.filter((r) => r !== url), overflow: { folded, unfolded }, scenarios, keyboard, closed, plots, headings,
  });
  await context.close();
};

play(async ({ chromium: executablePath, report }) => {
  const browser = await chromium.launch({ executablePath, headless: true, args });
  try {
    for (const width of [1280, 390]) await read(browser, report, width);
  } finally {
    await browser.close();
  }
});
