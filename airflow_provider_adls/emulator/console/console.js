"use strict";
// What a client named is only ever set as text, never as markup.

const PAGE = 200;
const REQUESTS = 100;
const INTERVAL = 2000;
const CRITERIA = ["service", "operation", "account", "path", "under", "principal", "nth", "after", "times"];
const COUNTS = ["id", "matched", "fired"];

const at = (id) => document.getElementById(id);

function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("aria-")) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

async function ask(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== "");
  const answer = await fetch(`/emulator/${path}?${new URLSearchParams(given)}`, { cache: "no-store" });
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.error.message);
  return found;
}

// How things read.

const utc = (milliseconds) => new Date(milliseconds).toISOString();
const minute = (milliseconds) => utc(milliseconds).slice(0, 16).replace("T", " ");
const short = (id) => (/^[0-9a-f]{8}-/i.test(id ?? "") ? id.slice(0, 8) : id ?? "");

function size(bytes) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  let number = bytes;
  while (number >= 1024 && unit < units.length - 1) {
    number /= 1024;
    unit += 1;
  }
  return `${unit && number < 99.95 ? number.toFixed(1) : Math.round(number)} ${units[unit]}`;
}

function rights(entry) {
  const bits = parseInt(entry.permission, 8);
  const letters = [...Array(9).keys()].map((place) => (bits & (1 << (8 - place)) ? "rwx"[place % 3] : "-"));
  if (bits & 0o1000) letters[8] = letters[8] === "x" ? "t" : "T";
  return (entry.type === "DIRECTORY" ? "d" : "-") + letters.join("");
}

// Accounts and files.

class Directory {
  // `tree` is where the emulator shows the account: accounts/NAME or storage-accounts/NAME.
  constructor(tree, path, name, depth) {
    this.tree = tree;
    this.path = path;
    this.depth = depth;
    this.children = new Map();
    this.list = make("ul", { hidden: true });
    this.button = make("button", { type: "button", "aria-expanded": "false", title: name }, make("bdi", {}, name));
    this.button.addEventListener("click", () => this.expand(!this.expanded));
  }

  get expanded() {
    return !this.list.hidden;
  }

  async expand(expanded) {
    this.list.hidden = !expanded;
    this.button.setAttribute("aria-expanded", String(expanded));
    if (expanded) await this.load();
  }

  async load(after = "") {
    let found;
    try {
      const query = { path: this.path, after, limit: PAGE };
      found = await ask(`${this.tree}/tree`, query);
    } catch (error) {
      this.list.replaceChildren(make("li", {}, note(this.depth + 1, error.message, true)));
      return;
    }
    if (!after) this.children.clear();
    const items = found.entries.map((entry) => entryItem(this, entry));
    if (!items.length && !after) items.push(make("li", {}, note(this.depth + 1, "empty")));
    if (found.next !== null) items.push(this.more(found.next));
    if (after) this.list.append(...items);
    else this.list.replaceChildren(...items);
  }

  more(after) {
    const button = make("button", { type: "button", className: "more" }, `Show ${PAGE} more`);
    const item = make("li", {}, note(this.depth + 1, button));
    button.addEventListener("click", async () => {
      button.disabled = true;
      await this.load(after);
      // Whoever goes on by keyboard is where the new entries begin.
      item.nextElementSibling?.querySelector("button")?.focus();
      item.remove();
    });
    return item;
  }

  // Anew, with those directories open that were, as far as they are on the first page.
  async refresh() {
    if (!this.expanded) return;
    const before = [...this.children].filter(([, child]) => child.expanded);
    await this.load();
    for (const [name, old] of before) await this.children.get(name)?.follow(old);
  }

  async follow(old) {
    this.children = old.children;
    this.list.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    await this.refresh();
  }
}

function nameCell(depth, ...children) {
  const cell = make("span", { className: "name" }, ...children);
  cell.style.setProperty("--depth", depth);
  return cell;
}

function entryItem(parent, entry) {
  const depth = parent.depth + 1;
  const isDirectory = entry.type === "DIRECTORY";
  let child = null;
  if (isDirectory) {
    child = new Directory(parent.tree, `${parent.path === "/" ? "" : parent.path}/${entry.name}`, entry.name, depth);
    parent.children.set(entry.name, child);
  }
  const name = child ? child.button : make("bdi", { title: entry.name }, entry.name);
  const shown = make("span", { className: "rights", title: `owner ${entry.owner}, group ${entry.group}` }, rights(entry));
  const item = make(
    "li",
    {},
    make(
      "div",
      { className: "row" },
      nameCell(depth, name),
      make("span", { className: "size", title: isDirectory ? "" : `${entry.length} bytes` }, isDirectory ? "" : size(entry.length)),
      shown,
      make("span", { className: "owner", title: entry.owner }, short(entry.owner)),
      make(
        "span",
        { className: "modified", title: entry.expires ? `expires ${utc(entry.expires)}` : utc(entry.modified) },
        minute(entry.modified),
      ),
    ),
  );
  if (entry.expires) {
    item.append(note(depth, `expires ${minute(entry.expires)} UTC`));
  }
  if (entry.acl) {
    const acl = make("ul", { className: "acl", hidden: true }, ...entry.acl.split(",").map((each) => make("li", {}, each)));
    acl.style.setProperty("--depth", depth);
    const more = make("button", { type: "button", "aria-expanded": "false", "aria-label": `ACL entries of ${entry.name}` }, "+");
    more.addEventListener("click", () => {
      acl.hidden = !acl.hidden;
      more.setAttribute("aria-expanded", String(!acl.hidden));
    });
    shown.append(more);
    item.append(acl);
  }
  if (child) item.append(child.list);
  return item;
}

function note(depth, text, bad = false) {
  const line = make("div", { className: bad ? "note bad" : "note" }, text);
  line.style.setProperty("--depth", depth);
  return line;
}

const accounts = new Map();

function showAccounts(names, storageNames) {
  const shown = [
    ...names.map((name) => ({ name, tree: `accounts/${encodeURIComponent(name)}` })),
    ...storageNames.map((name) => ({ name, tree: `storage-accounts/${encodeURIComponent(name)}`, generation: "Gen2" })),
  ];
  at("no-accounts").hidden = shown.length > 0;
  for (const [tree, { item }] of accounts) {
    if (!shown.some((each) => each.tree === tree)) {
      item.remove();
      accounts.delete(tree);
    }
  }
  for (const [place, { name, tree, generation }] of shown.entries()) {
    if (accounts.has(tree)) continue;
    const root = new Directory(tree, "/", name, 0);
    const tags = generation ? [" ", make("span", { className: "tag" }, generation)] : [];
    const row = make("div", { className: "row" }, nameCell(0, root.button, ...tags));
    const item = make("li", { className: "account" }, row, root.list);
    accounts.set(tree, { root, item });
    at("accounts").insertBefore(item, at("accounts").children[place] ?? null);
    if (shown.length === 1) root.expand(true);
  }
}

// Requests and rules.

function statusClass(status) {
  if (status >= 200 && status < 400) return "number good";
  return status >= 400 && status < 500 ? "number odd" : "number bad";
}

function cell(text, className = "", title = "") {
  return make("td", { className, title }, text ?? "");
}

function requestRow(request) {
  const row = make(
    "tr",
    {},
    cell(utc(request.time * 1000).slice(11, 19), "time", utc(request.time * 1000)),
    cell(request.status || "none", statusClass(request.status)),
    cell(request.operation ?? request.method),
    cell(request.account),
    make("td", { className: "path" }, make("bdi", {}, request.path)),
    cell(short(request.principal), "who", request.principal ?? ""),
    cell(request.ms.toFixed(1), "number"),
  );
  if (request.fault !== null) row.children[4].append(" ", make("span", { className: "tag" }, `rule ${request.fault}`));
  return row;
}

function words(fault, wanted) {
  const said = Object.entries(fault)
    .filter(([name, value]) => !COUNTS.includes(name) && value !== null && CRITERIA.includes(name) === wanted)
    .map(([name, value]) => (value === true ? name : `${name}\u00a0${value}`));
  return said.join(", ") || "all";
}

function faultRow(fault) {
  return make(
    "tr",
    {},
    cell(fault.id),
    cell(words(fault, true), "words"),
    cell(words(fault, false), "words"),
    cell(fault.matched, "number"),
    cell(fault.fired, "number"),
  );
}

function fill(name, rows) {
  at(name).hidden = !rows.length;
  at(`no-${name}`).hidden = rows.length > 0;
  at(name).tBodies[0].replaceChildren(...rows);
}

function showFacts(status) {
  at("version").textContent = status.version;
  const facts = {
    URL: status.url,
    data: status.data ?? "in memory",
    process: status.pid,
    since: `${minute(status.started * 1000)} UTC`,
    requests: status.requests,
  };
  if (Math.abs(status.time * 1000 - Date.now()) > 60_000) facts["its time"] = `${minute(status.time * 1000)} UTC`;
  const rows = Object.entries(facts).map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value)));
  at("facts").replaceChildren(...rows);
}

let shown = "";
let latest = 0;

async function update() {
  latest += 1;
  const mine = latest;
  try {
    const status = await ask("status");
    const faults = status.faults ? (await ask("faults")).faults : [];
    const { requests } = await ask("requests", { service: at("service").value, limit: REQUESTS });
    // Answers that a later question has overtaken, or that came after the page was to stand still, are dropped.
    if (mine !== latest) return;
    showFacts(status);
    showAccounts(status.accounts, Object.keys(status.storage_accounts));
    // A table that did not change is left alone, with what is selected in it.
    const now = JSON.stringify([faults, requests]);
    if (now !== shown) {
      fill("faults", faults.map(faultRow));
      fill("requests", requests.reverse().map(requestRow));
      shown = now;
    }
    at("trouble").hidden = true;
  } catch (error) {
    if (mine !== latest) return;
    at("trouble").textContent = `The emulator does not answer: ${error.message}`;
    at("trouble").hidden = false;
  }
}

async function live() {
  if (at("live").checked && !document.hidden) await update();
  setTimeout(live, INTERVAL);
}

at("service").addEventListener("change", update);
at("live").addEventListener("change", () => {
  if (at("live").checked) update();
  else if (shown) latest += 1;
});
at("refresh").addEventListener("click", async () => {
  await update();
  for (const { root } of accounts.values()) await root.refresh();
});
update();
setTimeout(live, INTERVAL);
